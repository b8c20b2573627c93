// This node: join, leave with its progress, copies under repair, memory and disk, background work, settings, events.

import {api} from './api.js';
import {confirm, toast} from './dialog.js';
import {STATES} from './diagram.js';
import {h, keyed, setText} from './dom.js';
import {eventRow} from './event-list.js';
import {bytes, count, duration, host} from './format.js';
import {refresh, state, watch} from './state.js';

const POLL_MS = 2000;

export function nodePage() {
  let node = null;
  let timer = 0;
  let open = true;

  // -- facts ------------------------------------------------------------------------------------------------------------

  const facts = h('dl', {class: 'facts'});
  const meters = h('div', {class: 'meters'});
  const copies = h('p', {class: 'figure'});
  const copiesNote = h('p', {class: 'muted'});
  const work = h('tbody');
  const settings = h('tbody');
  const events = h('ol', {class: 'events long'});

  let factsShown = '';

  function drawFacts() {
    const ring = state.ring;
    if (!ring) {
      return;
    }
    const content = JSON.stringify([ring.status, ring.self, ring.ringId, node && [node.version, node.java, duration(node.uptimeSeconds)]]);
    if (content === factsShown) {
      return; // unchanged: keep the user's selection
    }
    factsShown = content;
    const rows = [['State', h('span', {class: `tag state ${ring.status}`}, STATES[ring.status] ?? ring.status)],
      ['Address', ring.self.address], ['Id', h('code', {class: 'id'}, ring.self.id)],
      ['Ring', ring.ringId ? h('code', {class: 'id'}, ring.ringId) : 'none yet'],
      ...(node ? [['Version', `${node.version}, Java ${node.java}`], ['Up for', duration(node.uptimeSeconds)]] : [])];
    facts.replaceChildren(...rows.flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]));
  }

  function drawNode() {
    const {memory, disk, files, peers, background} = node;
    meters.replaceChildren(
        meter('Memory', memory.heapUsedBytes, memory.heapMaxBytes, `${bytes(memory.heapUsedBytes)} of ${bytes(memory.heapMaxBytes)}`),
        h('div', {}, h('span', {}, 'Room on the disk'), h('b', {}, bytes(disk.usableBytes))),
        h('div', {}, h('span', {}, 'Held here'), h('b', {}, `${count(files.files, 'file')}, ${bytes(files.bytes)}`)));
    setText(copies, files.pendingCopies === 0 ? 'None' : files.pendingCopies.toLocaleString('en'));
    copies.className = `figure ${files.pendingCopies === 0 ? 'ok' : 'warn'}`;
    setText(copiesNote, [files.pendingCopies === 0 ? 'No copies are missing, as far as this node knows.'
        : 'Copies that are required but do not exist yet. The nodes make them automatically.',
    peers.suspected.length ? `${count(peers.suspected.length, 'neighbour does', 'neighbours do')} not answer.` : '',
    peers.lost.length ? `${count(peers.lost.length, 'lost node is', 'lost nodes are')} asked now and then whether they are back.` : '',
    peers.healthFactor > 1 ? 'This node has been slow, so it waits longer before it declares other nodes dead.' : ''].filter(Boolean).join(' '));
    keyed(work, background, one => one.name, () => h('tr', {}, h('th', {scope: 'row'}), h('td', {class: 'number'}), h('td', {class: 'number'}), h('td', {})),
        (row, one) => {
          setText(row.cells[0], one.name.replaceAll('-', ' '));
          setText(row.cells[1], one.runs.toLocaleString('en'));
          setText(row.cells[2], one.failures.toLocaleString('en'));
          setText(row.cells[3], one.lastError ?? '–');
          row.cells[3].className = one.lastError ? 'warn breaks' : 'muted';
        });
    keyed(settings, node.settings, one => one.name, () => h('tr', {}, h('th', {scope: 'row'}, h('code')), h('td', {class: 'breaks'})),
        (row, one) => {
          setText(row.cells[0].firstElementChild, one.name);
          setText(row.cells[1], one.value || 'not set');
          row.cells[1].classList.toggle('muted', !one.value);
        });
  }

  function meter(name, value, max, words) {
    return h('div', {}, h('span', {id: `meter-${name}`}, name), h('b', {}, words),
        h('meter', {'aria-labelledby': `meter-${name}`, min: 0, max, value, high: max * 0.9}));
  }

  // -- join and leave ---------------------------------------------------------------------------------------------------

  const address = h('input', {id: 'join-address', type: 'text', inputmode: 'url', autocomplete: 'off', spellcheck: 'false', placeholder: 'http://192.168.1.20:8081'});
  const merge = h('input', {id: 'join-merge', type: 'checkbox'});
  const mergeRow = h('label', {class: 'check', hidden: true}, merge,
      h('span', {}, h('b', {}, 'Bring the whole ring along. '), 'The two rings become one, with the nodes and files of both.'));
  const joinButton = h('button', {type: 'submit', class: 'primary'}, 'Join');
  const joinProblem = h('p', {class: 'problem', role: 'alert', hidden: true});
  const joinForm = h('form', {onsubmit: join}, h('label', {for: 'join-address'}, 'Address of any member'),
      h('div', {class: 'row'}, address, joinButton), mergeRow, joinProblem,
      h('p', {class: 'muted'}, 'One address is enough. This node finds its place automatically.'));

  async function join(event) {
    event.preventDefault();
    const given = address.value.trim();
    const target = /^[a-z]+:\/\//i.test(given) ? given : `http://${given}`;
    joinProblem.hidden = true;
    joinButton.disabled = true;
    setText(joinButton, 'Joining …');
    try {
      await api.join(target, merge.checked);
      toast(`Joined the ring of ${host(target)}`, 'ok');
      mergeRow.hidden = true;
      merge.checked = false;
    } catch (problem) {
      joinProblem.hidden = false;
      setText(joinProblem, problem.message);
      mergeRow.hidden = problem.type !== 'already-in-ring';
    } finally {
      joinButton.disabled = false;
      setText(joinButton, 'Join');
      refresh();
    }
  }

  const leaveButton = h('button', {type: 'button', onclick: leave}, 'Leave the ring');
  const stayButton = h('button', {type: 'button', onclick: stay}, 'Stay after all');
  const forceButton = h('button', {type: 'button', class: 'danger', onclick: force}, 'Leave without hand-off');
  const progress = h('progress', {max: 1, 'aria-label': 'Hand-off'});
  const handover = h('p', {role: 'status'});
  const leaveNote = h('p', {class: 'muted'});
  const leaveProblem = h('p', {class: 'problem', role: 'alert', hidden: true});
  let most = 0;

  function drawLeave() {
    const ring = state.ring;
    if (!ring) {
      return;
    }
    const left = ring.handover;
    const leaving = ring.status === 'LEAVING' || left !== null;
    const alone = ring.status === 'ALONE';
    most = leaving && left ? Math.max(most, left.filesLeft) : leaving ? most : 0;
    progress.hidden = !leaving;
    stayButton.hidden = !leaving;
    forceButton.hidden = !leaving || !left?.blockedBy;
    leaveButton.hidden = leaving || alone;
    if (leaving && left) {
      progress.value = most === 0 ? 1 : (most - left.filesLeft) / most;
      setText(handover, left.filesLeft === 0 ? 'Everything is handed off. Leaving now'
          : `${count(left.filesLeft, 'file')} (${bytes(left.bytesLeft)}) left to hand off${left.blockedBy ? `. Waiting: ${left.blockedBy}` : ''}`);
    } else {
      setText(handover, leaving ? 'Beginning …' : '');
    }
    setText(leaveNote, alone ? 'This node is a ring of its own: there is nobody to leave.'
        : leaving ? 'This node serves requests until it leaves.'
            : 'The node hands off what only it holds, waits until the other nodes have it, and is then a ring of its own.');
  }

  async function leave() {
    const agreed = await confirm({title: 'Leave the ring?', action: 'Leave', text: h('p', {},
        'This node hands off its files to the other nodes, then leaves. Its own copies are set aside and no longer served.')});
    if (agreed) {
      await act(() => api.leave(false));
    }
  }

  async function force() {
    const agreed = await confirm({title: 'Leave without hand-off?', action: 'Leave now', text: h('p', {},
        'Files that only this node holds are lost.')});
    if (agreed) {
      await act(() => api.leave(true));
    }
  }

  async function stay() {
    await act(() => api.stay());
  }

  async function act(call) {
    leaveProblem.hidden = true;
    try {
      await call();
    } catch (problem) {
      leaveProblem.hidden = false;
      setText(leaveProblem, problem.message);
    }
    refresh();
  }

  // -- the page ---------------------------------------------------------------------------------------------------------

  const silent = h('p', {class: 'problem', role: 'status', hidden: true});
  const element = h('div', {class: 'page node-page'},
      h('header', {class: 'page-head'}, h('h1', {}, 'This node'), silent),
      card('Place', facts),
      card('Join a ring', joinForm),
      card('Leave', h('div', {}, leaveNote, progress, handover, h('div', {class: 'buttons'}, leaveButton, stayButton, forceButton), leaveProblem)),
      card('Copies under repair', h('div', {}, copies, copiesNote)),
      card('Memory and disk', meters),
      card('What happened', h('div', {class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Events'}, events), 'tall'),
      card('Background work', h('div', {class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Background work'}, h('table', {}, h('thead', {}, h('tr', {},
          h('th', {scope: 'col'}, 'Work'), h('th', {scope: 'col', class: 'number'}, 'Runs'), h('th', {scope: 'col', class: 'number'}, 'Failures'),
          h('th', {scope: 'col'}, 'Last error'))), work)), 'wide'),
      card('Settings', h('div', {class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Settings'}, h('table', {}, h('thead', {}, h('tr', {},
          h('th', {scope: 'col'}, 'Setting'), h('th', {scope: 'col'}, 'Value'))), settings)), 'wide'));

  function card(title, content, kind = '') {
    const id = `card-${title.toLowerCase().replaceAll(' ', '-')}`;
    return h('section', {class: `card ${kind}`, 'aria-labelledby': id}, h('h2', {id}, title), content);
  }

  async function poll() {
    try {
      node = await api.node();
      silent.hidden = true;
      drawNode();
      drawFacts();
    } catch (problem) {
      silent.hidden = false;
      setText(silent, problem.message);
    }
    if (open) {
      timer = setTimeout(poll, POLL_MS);
    }
  }

  function draw() {
    drawFacts();
    drawLeave();
    keyed(events, state.events, event => event.id, event => eventRow(event));
  }

  const unwatch = watch(draw);
  draw();
  poll();
  return {
    element,
    title: 'This node',
    close() {
      open = false;
      clearTimeout(timer);
      unwatch();
    },
  };
}
