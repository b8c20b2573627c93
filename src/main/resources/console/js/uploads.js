// Uploads: a queue, a few at a time, each with progress, rate, cancel and retry. Each is a PUT of the raw file, which is not
// read into the page's memory.

import {Problem} from './api.js';
import {$, h, icon, keyed, setText} from './dom.js';
import {baseName, bytes, count, duration, fileName, path} from './format.js';

/** A browser has six connections to a node. Events and downloads need some of them. */
const AT_ONCE = 3;
/** The rate is measured over the last seconds, not over the whole upload. */
const RATE_WINDOW_MS = 4000;
const DRAW_MS = 250;
const ROWS_SHOWN = 200;

const jobs = [];
const listeners = new Set();
let number = 0;
let drawTimer = 0;
let folded = false;

/** Calls a listener for every stored file. */
export function watchUploads(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** files: [{name, file}] */
export function upload(files) {
  for (const {name, file} of files) {
    jobs.push({id: ++number, name, file, state: 'waiting', sent: 0, samples: [], problem: null, request: null});
  }
  folded = false;
  next();
}

function next() {
  let running = jobs.filter(job => job.state === 'running').length;
  for (const job of jobs) {
    if (running >= AT_ONCE) {
      break;
    }
    if (job.state === 'waiting') {
      send(job);
      running++;
    }
  }
  drawSoon();
}

function send(job) {
  job.state = 'running';
  job.sent = 0;
  job.samples = [[performance.now(), 0]];
  const request = new XMLHttpRequest(); // fetch does not report the progress of an upload
  job.request = request;
  request.open('PUT', `/files/${path(job.name)}`);
  if (!job.file.type) {
    request.setRequestHeader('Content-Type', 'application/octet-stream');
  }
  request.upload.onprogress = event => {
    job.sent = event.loaded;
    const now = performance.now();
    job.samples.push([now, event.loaded]);
    while (job.samples.length > 2 && now - job.samples[0][0] > RATE_WINDOW_MS) {
      job.samples.shift();
    }
    drawSoon();
  };
  request.onload = () => {
    if (request.status === 200 || request.status === 201) {
      job.sent = job.file.size;
      end(job, 'done');
      listeners.forEach(listener => listener(job.name));
    } else {
      end(job, 'failed', problemOf(request));
    }
  };
  request.onerror = () => end(job, 'failed', unreadable(job));
  request.onabort = () => end(job, 'cancelled');
  request.send(job.file);
}

function problemOf(request) {
  try {
    return Problem.from(request.status, JSON.parse(request.responseText));
  } catch {
    return Problem.from(request.status, {});
  }
}

/** The browser reports an unreadable file and an unreachable node in the same way, so the text names both. */
function unreadable(job) {
  return new Problem({title: 'The upload was interrupted', detail: `Nothing of it was stored${job.sent > 0 ? `, though ${bytes(job.sent)} had been sent` : ''}. `
      + 'Check that the node runs and that the file was not moved or changed, then try again'});
}

function end(job, state, problem = null) {
  job.state = state;
  job.problem = problem;
  job.request = null;
  next();
}

function cancel(job) {
  if (job.request) {
    job.request.abort();
  } else {
    end(job, 'cancelled');
  }
}

function retry(job) {
  job.state = 'waiting';
  job.problem = null;
  next();
}

function rate(job) {
  const [first, last] = [job.samples[0], job.samples.at(-1)];
  return last[0] > first[0] ? (last[1] - first[1]) / (last[0] - first[0]) * 1000 : 0;
}

// -- the panel ----------------------------------------------------------------------------------------------------------

function drawSoon() {
  drawTimer ||= setTimeout(() => {
    drawTimer = 0;
    draw();
  }, DRAW_MS);
}

const title = h('h2', {id: 'uploads-title'}, 'Uploads');
const summary = h('p', {class: 'muted', role: 'status'});
const total = h('progress', {max: 1, value: 0, 'aria-label': 'All uploads'});
const list = h('ul', {class: 'upload-list'});
const fold = h('button', {type: 'button', class: 'icon-button', onclick: () => {
  folded = !folded;
  draw();
}});
const clear = h('button', {type: 'button', class: 'icon-button', 'aria-label': 'Cancel the rest and close', onclick: () => {
  jobs.filter(job => job.state === 'waiting').forEach(job => {
    job.state = 'cancelled';
  });
  jobs.filter(job => job.state === 'running').forEach(cancel);
  jobs.length = 0;
  draw();
}}, icon('close'));
const again = h('button', {type: 'button', onclick: () => jobs.filter(job => job.state === 'failed').forEach(retry)},
    icon('retry'), 'Try all again');

function draw() {
  const panel = $('#uploads');
  if (panel.childElementCount === 0) {
    panel.append(h('section', {'aria-labelledby': 'uploads-title'}, h('header', {}, title, fold, clear), summary, total, again, list));
  }
  panel.hidden = jobs.length === 0;
  panel.classList.toggle('folded', folded);
  fold.replaceChildren(icon('up'));
  fold.setAttribute('aria-label', folded ? 'Show the uploads' : 'Fold the uploads');
  fold.setAttribute('aria-expanded', String(!folded));
  const of = state => jobs.filter(job => job.state === state);
  const all = jobs.reduce((sum, job) => sum + job.file.size, 0);
  const sent = jobs.reduce((sum, job) => sum + (job.state === 'done' ? job.file.size : job.sent), 0);
  const left = of('waiting').length + of('running').length;
  const speed = of('running').reduce((sum, job) => sum + rate(job), 0);
  total.value = all > 0 ? sent / all : left > 0 ? 0 : 1;
  total.hidden = left === 0;
  again.hidden = left > 0 || of('failed').length === 0;
  setText(title, left > 0 ? `Uploading ${count(left, 'file')}` : of('failed').length > 0
      ? `${count(of('failed').length, 'upload')} failed` : 'Uploads are done');
  setText(summary, left > 0 ? `${bytes(sent)} of ${bytes(all)}${speed > 0 ? `, ${bytes(speed)}/s, ${duration((all - sent) / speed)} left` : ''}`
      : [[of('done').length, 'stored'], [of('failed').length, 'failed'], [of('cancelled').length, 'cancelled']]
          .filter(([n]) => n > 0).map(([n, what]) => `${n} ${what}`).join(', '));
  const order = {failed: 0, running: 1, waiting: 2, cancelled: 3, done: 4};
  const shown = [...jobs].sort((a, b) => order[a.state] - order[b.state] || a.id - b.id).slice(0, ROWS_SHOWN);
  keyed(list, shown, job => job.id, create, update);
}

function create(job) {
  return h('li', {}, h('div', {class: 'upload-line'}, h('span', {class: 'upload-name', title: job.name}, fileName(baseName(job.name))),
      h('span', {class: 'upload-state'}), h('button', {type: 'button', class: 'icon-button', onclick: () =>
        ['running', 'waiting'].includes(job.state) ? cancel(job) : retry(job)})),
  h('progress', {max: 1, value: 0, 'aria-label': `Upload of ${job.name}`}), h('p', {class: 'problem'}));
}

const STATE_WORDS = {waiting: 'waiting', done: 'stored', failed: 'failed', cancelled: 'cancelled: nothing was stored'};

function update(row, job) {
  row.className = job.state;
  const [name, state, button] = row.firstElementChild.children;
  const [, bar, problem] = row.children;
  name.classList.toggle('done', job.state === 'done');
  bar.value = job.file.size > 0 ? job.sent / job.file.size : 0;
  bar.hidden = job.state !== 'running';
  const storing = job.sent >= job.file.size && job.file.size > 0;
  setText(state, STATE_WORDS[job.state] ?? (storing ? 'being stored' : `${bytes(job.sent)} of ${bytes(job.file.size)}, ${bytes(rate(job))}/s`));
  const action = ['running', 'waiting'].includes(job.state) ? 'close' : job.state === 'done' ? null : 'retry';
  button.hidden = action === null;
  if (action && button.dataset.action !== action) {
    button.dataset.action = action;
    button.replaceChildren(icon(action));
    button.setAttribute('aria-label', `${action === 'close' ? 'Cancel' : 'Try again'}: ${job.name}`);
  }
  setText(problem, job.problem?.message ?? '');
  problem.hidden = !job.problem;
}

addEventListener('beforeunload', event => {
  if (jobs.some(job => ['running', 'waiting'].includes(job.state))) {
    event.preventDefault(); // the browser asks for confirmation
  }
});

// -- dropped files ------------------------------------------------------------------------------------------------------

/** All files of a drop, also inside folders: [{name, file}], with names relative to the dropped folder. */
export async function dropped(transfer, prefix) {
  const entries = [...transfer.items].map(item => item.webkitGetAsEntry?.()).filter(Boolean);
  if (entries.length === 0) {
    return [...transfer.files].map(file => ({name: prefix + file.name, file}));
  }
  const found = [];
  for (const entry of entries) {
    await walk(entry, prefix, found);
  }
  return found;
}

async function walk(entry, prefix, found) {
  if (entry.isFile) {
    found.push({name: prefix + entry.name, file: await new Promise((resolve, reject) => entry.file(resolve, reject))});
    return;
  }
  const reader = entry.createReader();
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) {
      return;
    }
    for (const child of some) {
      await walk(child, `${prefix}${entry.name}/`, found);
    }
  }
}

/** The files of a file input. Files of a folder keep their path. */
export function picked(input, prefix) {
  return [...input.files].map(file => ({name: prefix + (file.webkitRelativePath || file.name), file}));
}
