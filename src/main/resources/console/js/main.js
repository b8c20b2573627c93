// Starts the console: pages by address, state of the connection, messages to the user.

import {h, $, icon, setText} from './dom.js';
import {filesPage} from './files-page.js';
import {consoleOf, duration, host} from './format.js';
import {lookupPage} from './lookup-page.js';
import {nodePage} from './node-page.js';
import {ringPage} from './ring-page.js';
import {start, state, watch} from './state.js';

const PAGES = {ring: ringPage, lookup: lookupPage, files: filesPage, node: nodePage};
const LIVE = {live: 'Live', connecting: 'Connecting'};

let current = null;

function go(target) {
  location.hash = `#/${target}`;
}

/** #/files/reports%2F2026%2F → ['files', 'reports/2026/']. */
function parse() {
  const [name, ...rest] = location.hash.replace(/^#\/?/, '').split('/');
  let argument = '';
  try {
    argument = decodeURIComponent(rest.join('/'));
  } catch {
    // a mistyped address: open the page without it
  }
  return PAGES[name] ? [name, argument] : ['ring', ''];
}

function open() {
  const [name, argument] = parse();
  document.querySelectorAll('.tabs a').forEach(tab => {
    if (tab.dataset.page === name) {
      tab.setAttribute('aria-current', 'page');
    } else {
      tab.removeAttribute('aria-current');
    }
  });
  if (current?.name === name && current.page.update) {
    current.page.update(argument);
    return;
  }
  const first = current === null;
  current?.page.close?.();
  const page = PAGES[name](argument, go);
  current = {name, page};
  $('#main').replaceChildren(page.element);
  document.title = `${page.title} · Chordshare`;
  if (!first) {
    $('#main').focus({preventScroll: true});
    scrollTo(0, 0);
  }
}

function drawLive() {
  const live = $('#live');
  const word = state.silentSince ? 'No answer' : LIVE[state.live];
  live.dataset.state = state.silentSince ? 'silent' : state.live;
  setText(live.lastElementChild, state.ring && !state.silentSince && state.live === 'live' ? host(state.ring.self.address) : word);
  live.title = `${word}${state.ring ? `: ${state.ring.self.address}` : ''}`;
  drawNotice();
}

let noticeShown = '';

function drawNotice() {
  const notice = $('#notice');
  const others = state.nodes.filter(node => node.id !== state.ring?.self.id && node.state === 'MEMBER')
      .map(node => consoleOf(node.address)).filter(Boolean).slice(0, 5);
  const kind = state.silentSince ? 'silent' : state.ring?.status === 'ISOLATED' ? 'isolated' : '';
  const content = `${kind} ${kind === 'silent' ? others.join() : ''}`;
  if (content === noticeShown) {
    return;
  }
  noticeShown = content;
  notice.hidden = kind === '';
  if (kind === 'silent') {
    const since = h('span');
    notice.replaceChildren(h('b', {}, 'This node does not answer. '), 'The page shows its state of ', since,
        '. The page continues automatically once it is back',
        others.length ? h('span', {}, '. Other nodes: ', others.map((url, i) => [i ? ', ' : '',
          h('a', {href: url, rel: 'noreferrer'}, host(url).replace('/', ''))])) : '', '.');
    setText(since, `${duration((Date.now() - state.silentSince) / 1000)} ago`);
  } else if (kind === 'isolated') {
    notice.replaceChildren(h('b', {}, 'This node is cut off from its ring. '),
        'It accepts no uploads and looks for the other nodes. Downloads with ?consistency=any return the copies on this node.');
  }
}

function buttons() {
  const theme = $('#theme');
  const draw = () => theme.replaceChildren(icon(document.documentElement.dataset.theme === 'dark' ? 'sun' : 'moon'));
  theme.addEventListener('click', () => {
    globalThis.chordshareTheme.toggle();
    draw();
  });
  draw();
}

buttons();
watch(drawLive);
addEventListener('hashchange', open);
open();
start();
