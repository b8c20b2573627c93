// All nodes on a circle, the pointers of the chosen node, and the events.

import {api} from './api.js';
import {describe, diagram, legend, STATES, WHY_GONE} from './diagram.js';
import {labels} from './diagram-layout.js';
import {h, keyed, setText} from './dom.js';
import {eventRow} from './event-list.js';
import {consoleOf, count, host, percent, shortId} from './format.js';
import {state, watch} from './state.js';

const EVENTS_SHOWN = 12;
const POINTERS_MS = 3000;

export function ringPage(argument, go) {
  const picture = diagram(id => go(id === chosen() ? 'ring' : `ring/${id}`));
  const detail = h('section', {class: 'card detail', 'aria-labelledby': 'detail-title'});
  const rows = h('tbody');
  const events = h('ol', {class: 'events'});
  const noEvents = h('p', {class: 'muted'}, 'Nothing has happened yet. Start another node, or stop one.');
  const filter = h('input', {type: 'search', placeholder: 'Find a node', 'aria-label': 'Find a node by address or id', oninput: drawTable});
  const summary = h('p', {class: 'summary', role: 'status'});
  const element = h('div', {class: 'page ring-page'},
      h('header', {class: 'page-head'}, h('h1', {}, 'Ring'), summary),
      h('section', {class: 'card picture', 'aria-label': 'Picture of the ring'}, picture.element, legend()),
      detail,
      h('section', {class: 'card happenings', 'aria-labelledby': 'events-title'},
          h('h2', {id: 'events-title'}, 'What happens'), events, noEvents),
      h('section', {class: 'card table-card', 'aria-labelledby': 'nodes-title'},
          h('header', {class: 'card-head'}, h('h2', {id: 'nodes-title'}, 'Nodes'), filter),
          h('div', {class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'All nodes'}, h('table', {},
              h('thead', {}, h('tr', {}, ...['Node', 'Id', 'Share', 'State'].map(title => h('th', {scope: 'col'}, title)))),
              rows))));

  let picked = argument || null;
  let pointers = null;
  let problem = null;
  let timer = 0;

  function chosen() {
    return picked ?? state.ring?.self.id ?? null;
  }

  /** The pointers of a node: from the known state for this node, else requested. */
  async function readPointers() {
    clearTimeout(timer);
    const id = chosen();
    if (id === null || !element.isConnected) {
      return;
    }
    if (id === state.ring?.self.id) {
      pointers = state.ring;
      problem = null;
    } else {
      try {
        const answer = await api.pointers(id);
        if (id === chosen()) {
          pointers = answer;
          problem = null;
        }
      } catch (failed) {
        if (id === chosen()) {
          problem = failed;
          pointers = null;
        }
      }
      timer = setTimeout(readPointers, POINTERS_MS);
    }
    draw();
  }

  function arcs() {
    if (!pointers || pointers.self.id !== chosen()) {
      return [];
    }
    const from = pointers.self.id;
    const others = list => list.filter(node => node.id !== from);
    const successors = others(pointers.successors);
    const near = new Set(successors.map(node => node.id));
    return [
      ...others(pointers.fingers.map(finger => finger.node)).filter(node => !near.has(node.id))
          .map(node => ({from, to: node.id, kind: 'finger'})),
      ...successors.map((node, i) => ({from, to: node.id, kind: 'successor', soft: i > 0})),
      ...others(pointers.predecessor ? [pointers.predecessor] : []).map(node => ({from, to: node.id, kind: 'predecessor'})),
    ];
  }

  function draw() {
    const silent = state.nodes.filter(node => node.state === 'SUSPECT').length;
    const present = state.nodes.filter(node => node.state !== 'GONE');
    const health = silent === 0 ? 'all answer' : `${count(silent, 'node does', 'nodes do')} not answer`;
    setText(summary, present.length === 0 ? 'Looking around …' : `${count(present.length, 'node')}, ${health}`);
    picture.draw({nodes: state.nodes, self: state.ring?.self.id, chosen: chosen(), pointers: arcs(),
      caption: present.length === 0 ? [] : [present.length.toLocaleString('en'), present.length === 1 ? 'node' : 'nodes',
        silent > 0 ? health : '', 'warn']});
    drawDetail();
    drawTable();
    drawEvents();
  }

  let detailShown = '';

  function drawDetail() {
    const node = state.nodes.find(one => one.id === chosen());
    const content = JSON.stringify([node, pointers, problem?.message]);
    if (content === detailShown) {
      return; // unchanged: keep the user's selection
    }
    detailShown = content;
    const hadFocus = detail.contains(document.activeElement) ? document.activeElement.dataset.to : null;
    detail.replaceChildren(...(node ? detailOf(node) : [h('h2', {id: 'detail-title'}, 'No such node'),
      h('p', {class: 'muted'}, state.nodes.length ? 'It is not in this ring any more.' : 'Waiting for the first answer.')]));
    if (hadFocus) {
      detail.querySelector(`[data-to="${hadFocus}"]`)?.focus();
    }
  }

  function detailOf(node) {
    const self = node.id === state.ring?.self.id;
    const elsewhere = consoleOf(node.address);
    const link = other => h('button', {type: 'button', class: 'link', 'data-to': other.id, onclick: () => go(`ring/${other.id}`)},
        host(other.address));
    const known = pointers?.self.id === node.id ? pointers : null;
    return [
      h('header', {class: 'card-head'}, h('h2', {id: 'detail-title'}, host(node.address)),
          self ? h('span', {class: 'tag accent'}, 'this node') : null,
          h('span', {class: `tag state ${node.state}`}, STATES[node.state] ?? node.state)),
      node.state === 'GONE' ? h('p', {class: 'muted'}, `It ${WHY_GONE[node.why] ?? 'is gone'}.`) : null,
      problem && !known ? h('p', {class: 'problem', role: 'status'}, problem.message) : null,
      h('dl', {class: 'facts'},
          h('dt', {}, 'Id'), h('dd', {}, h('code', {class: 'id'}, node.id)),
          h('dt', {}, 'Share'), h('dd', {}, percent(node.share)),
          known ? [
            h('dt', {}, 'Predecessor'), h('dd', {}, known.predecessor ? link(known.predecessor) : 'none known'),
            h('dt', {}, 'Successors'), h('dd', {}, h('ol', {class: 'inline'}, known.successors.map(one => h('li', {}, link(one))))),
            h('dt', {}, 'Fingers'), h('dd', {}, known.fingers.length === 0 ? 'none yet' : h('details', {open: known.fingers.length <= 6},
                h('summary', {}, `${known.fingers.length} different`),
                h('ul', {class: 'fingers'}, known.fingers.map(finger => h('li', {},
                    h('code', {title: `The first node at or after ${finger.start}`}, `${shortId(finger.start)}…`), ' → ', link(finger.node)))))),
          ] : null),
      !self && elsewhere && node.state !== 'GONE'
          ? h('p', {}, h('a', {href: elsewhere, rel: 'noreferrer'}, 'Open its console')) : null,
    ].filter(Boolean);
  }

  function drawTable() {
    const wanted = filter.value.trim().toLowerCase();
    const shown = state.nodes.filter(node => node.id.startsWith(wanted) || host(node.address).includes(wanted));
    keyed(rows, shown, node => node.id, node => h('tr', {},
        h('th', {scope: 'row'}, h('button', {type: 'button', class: 'link', onclick: () => go(`ring/${node.id}`)}, host(node.address))),
        h('td', {}, h('code', {}, `${shortId(node.id)}…`)), h('td', {class: 'number'}), h('td', {}, h('span', {class: 'tag state'}))),
    (row, node) => {
      const content = `${node.state} ${node.share} ${node.address} ${node.id === chosen()} ${node.id === state.ring?.self.id}`;
      if (row.shown === content) {
        return;
      }
      row.shown = content;
      row.classList.toggle('chosen', node.id === chosen());
      setText(row.cells[2], node.state === 'GONE' ? '–' : percent(node.share));
      const tag = row.cells[3].firstElementChild;
      tag.className = `tag state ${node.state}`;
      setText(tag, node.id === state.ring?.self.id ? `${STATES[node.state]} · this node` : STATES[node.state] ?? node.state);
      row.title = describe(node, state.ring?.self.id);
    });
  }

  function drawEvents() {
    const label = labels(state.nodes);
    const shown = state.events.filter(event => event.name !== 'ring' || event.data.changed.some(what => what !== 'fingers'));
    keyed(events, shown.slice(0, EVENTS_SHOWN), event => event.id, event => eventRow(event, label));
    noEvents.hidden = shown.length > 0;
  }

  let ringShown = null;
  const unwatch = watch(() => {
    if (state.ring !== ringShown) {
      ringShown = state.ring;
      readPointers();
    }
    draw();
  });
  draw();
  queueMicrotask(readPointers);
  return {
    element,
    title: 'Ring',
    /** Chooses another node on the same page: the picture stays and animates. */
    update(next) {
      picked = next || null;
      pointers = null;
      problem = null;
      draw();
      readPointers();
    },
    close() {
      unwatch();
      clearTimeout(timer);
    },
  };
}
