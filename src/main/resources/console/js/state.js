// What the console knows of the ring, and who wants to hear of it. Read from the node on every event that changes it, and
// now and then besides: neighbours are watched by the node itself, those further away are seen only by asking.

import {api} from './api.js';
import {follow} from './events.js';

/** How long a node that is gone stays to be seen. */
const GONE_FOR_MS = 12_000;
const COALESCE_MS = 120;
const MAX_EVENTS = 200;
/** Fast enough for eyes, and ten times slower than a picture of hundreds of nodes takes. */
const DRAW_MS = 100;
const POLL_MS = 2000;
/** A look at all nodes costs the node a question to each. */
const POLL_MS_PER_NODE = 15;

export const state = {
  live: 'connecting',
  /** Of this node; null before the first answer. */
  ring: null,
  /** All nodes in ring order, with `state`: MEMBER, LEAVING, SUSPECT, GONE … */
  nodes: [],
  /** Newest first: {name, data, id}. */
  events: [],
  /** Since when this node does not answer: a time, or null. */
  silentSince: null,
};

const listeners = new Set();
const eventListeners = new Set();
const gone = new Map();
const suspected = new Set();
let lastNodes = [];

/** Called after every change; returns how to stop that. */
export function watch(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Hears each event as it comes. */
export function watchEvents(listener) {
  eventListeners.add(listener);
  return () => eventListeners.delete(listener);
}

let drawing = 0;

/** Many changes at once are drawn once. */
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

function bury(node, why) {
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
      bury(before, 'DEAD');
    }
  }
  lastNodes = nodes;
  for (const id of suspected) {
    // it answers: whatever was heard of it before is over
    if (nodes.some(node => node.id === id && node.answers) || !nodes.some(node => node.id === id)) {
      suspected.delete(id);
    }
  }
}

function takeRing(ring) {
  if (state.ring && state.ring.ringId !== ring.ringId) {
    // another ring: those of the one before are not dead, only elsewhere
    lastNodes = [];
    gone.clear();
  }
  state.ring = ring;
}

let reading = false;
let again = false;
let pollTimer = 0;

/** Reads everything anew; once at a time. */
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
    // also one of the past: what it got wrong the answers of the nodes set right in a moment
    const node = lastNodes.find(known => known.id === data.node.id);
    if (data.change === 'SUSPECTED') {
      suspected.add(data.node.id);
    } else {
      suspected.delete(data.node.id);
      if (data.change !== 'CLEARED' && node) {
        lastNodes = lastNodes.filter(known => known !== node);
        bury(node, data.change);
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
