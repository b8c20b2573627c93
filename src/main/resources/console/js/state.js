// The console's view of the ring, and its listeners. Read from the node after every event that changes it, and regularly:
// a node watches only its neighbours, so changes of other nodes are seen only by asking.

import {api} from './api.js';
import {follow} from './events.js';

/** How long a node that is gone stays visible. */
const GONE_FOR_MS = 12_000;
const COALESCE_MS = 120;
const MAX_EVENTS = 200;
/** Minimum time between two redraws: looks immediate, and is ten times longer than drawing hundreds of nodes. */
const DRAW_MS = 100;
const POLL_MS = 2000;
/** Listing all nodes costs the node one request per node. */
const POLL_MS_PER_NODE = 15;

export const state = {
  live: 'connecting',
  /** The pointers of this node; null before the first response. */
  ring: null,
  /** All nodes in ring order, with `state`: MEMBER, LEAVING, SUSPECT, GONE … */
  nodes: [],
  /** Newest first: {name, data, id}. */
  events: [],
  /** Time since which this node does not answer, or null. */
  silentSince: null,
};

const listeners = new Set();
const eventListeners = new Set();
const gone = new Map();
const suspected = new Set();
let lastNodes = [];

/** Calls a listener after every change; returns a function that removes it. */
export function watch(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Calls a listener for each event. */
export function watchEvents(listener) {
  eventListeners.add(listener);
  return () => eventListeners.delete(listener);
}

let drawing = 0;

/** Redraws once for many changes. */
function changed() {
  drawing ||= setTimeout(() => requestAnimationFrame(() => {
    drawing = 0;
    listeners.forEach(listener => listener(state));
  }), state.ring === null ? 0 : DRAW_MS);
}

function merge() {
  const now = Date.now();
  for (const [id, entry] of gone) {
    if (now - entry.at > GONE_FOR_MS || lastNodes.some(node => node.id === id)) {
      gone.delete(id);
    }
  }
  const present = lastNodes.map(node => ({...node, state: stateOf(node)}));
  const ghosts = [...gone.values()].map(entry => ({...entry.node, share: 0, state: 'GONE', why: entry.why}));
  state.nodes = [...present, ...ghosts].sort((a, b) => a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

function stateOf(node) {
  if (!node.answers) {
    return 'SUSPECT';
  }
  return suspected.has(node.id) ? 'SUSPECT' : node.status ?? 'MEMBER';
}

function markGone(node, why) {
  if (!gone.has(node.id)) {
    gone.set(node.id, {node, why, at: Date.now()});
    setTimeout(() => {
      merge();
      changed();
    }, GONE_FOR_MS + 50);
  }
}

function takeNodes(nodes) {
  for (const before of lastNodes) {
    if (!nodes.some(node => node.id === before.id)) {
      markGone(before, 'DEAD');
    }
  }
  lastNodes = nodes;
  for (const id of suspected) {
    // it answers: earlier events about it are obsolete
    if (nodes.some(node => node.id === id && node.answers) || !nodes.some(node => node.id === id)) {
      suspected.delete(id);
    }
  }
}

function takeRing(ring) {
  if (state.ring && state.ring.ringId !== ring.ringId) {
    // another ring: the nodes of the previous one are not dead, only elsewhere
    lastNodes = [];
    gone.clear();
  }
  state.ring = ring;
}

let reading = false;
let again = false;
let pollTimer = 0;

/** Reads everything again; only one read at a time. */
export async function refresh() {
  if (reading) {
    again = true;
    return;
  }
  reading = true;
  clearTimeout(pollTimer);
  try {
    const [ring, nodes] = await Promise.all([api.ring(), api.nodes()]);
    takeRing(ring);
    takeNodes(nodes);
    state.silentSince = null;
  } catch (problem) {
    if (problem.type === 'silent') {
      state.silentSince ??= Date.now();
    }
  } finally {
    reading = false;
    merge();
    changed();
    pollTimer = setTimeout(poll, Math.max(POLL_MS, lastNodes.length * POLL_MS_PER_NODE));
    if (again) {
      again = false;
      soon();
    }
  }
}

function poll() {
  if (!document.hidden) {
    refresh();
  }
}

let coalescing = 0;

function soon() {
  if (!coalescing) {
    coalescing = setTimeout(() => {
      coalescing = 0;
      refresh();
    }, COALESCE_MS);
  }
}

function hear(name, data, id) {
  if (name === 'reset') {
    soon();
    return;
  }
  if (state.events.some(event => event.id === id)) {
    return;
  }
  state.events.unshift({name, data, id});
  state.events.length = Math.min(state.events.length, MAX_EVENTS);
  if (name === 'node') {
    // also a past event: the next responses of the nodes correct it
    const node = lastNodes.find(known => known.id === data.node.id);
    if (data.change === 'SUSPECTED') {
      suspected.add(data.node.id);
    } else {
      suspected.delete(data.node.id);
      if (data.change !== 'CLEARED' && node) {
        lastNodes = lastNodes.filter(known => known !== node);
        markGone(node, data.change);
      }
    }
    merge();
  }
  if (name === 'node' || name === 'ring') {
    soon();
  }
  eventListeners.forEach(listener => listener(name, data));
  changed();
}

export function start() {
  follow(hear, live => {
    if (live === 'live' && state.live !== 'live') {
      soon();
    }
    if (live !== 'live' && state.live === 'live') {
      soon();
    }
    state.live = live;
    changed();
  });
  document.addEventListener('visibilitychange', poll);
  return refresh();
}
