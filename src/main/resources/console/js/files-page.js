// All files as folders: list, upload by drag and drop, download, delete, preview.

import {api} from './api.js';
import {confirm, toast} from './dialog.js';
import {h, icon, setText} from './dom.js';
import {baseName, bytes, count, date, fileName} from './format.js';
import {preview} from './preview.js';
import {watchEvents} from './state.js';
import {dropped, picked, upload, watchUploads} from './uploads.js';

const PAGE = 100;
const SETTLE_MS = 400;

export function filesPage(argument, go) {
  let folder = argument;
  let prefix = '';
  let entries = [];
  let next = null;
  let run = 0;
  let timer = 0;

  const crumbs = h('nav', {class: 'crumbs', 'aria-label': 'Folder'});
  const filter = h('input', {type: 'search', placeholder: 'Begins with …', 'aria-label': 'Only names in this folder that start with',
    oninput: () => {
      prefix = filter.value;
      later();
    }});
  const rows = h('tbody');
  const status = h('p', {class: 'summary', role: 'status'});
  const table = h('div', {class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Files'}, h('table', {class: 'files'}, h('thead', {}, h('tr', {},
      h('th', {scope: 'col'}, 'Name'), h('th', {scope: 'col', class: 'number'}, 'Size'), h('th', {scope: 'col', class: 'wide'}, 'Stored'),
      h('th', {scope: 'col', class: 'wide'}, 'Copies'), h('th', {scope: 'col'}, h('span', {class: 'visually-hidden'}, 'Actions')))), rows));
  const more = h('button', {type: 'button', onclick: () => load(next)}, 'Show more');
  const message = h('div', {class: 'empty'});
  const fileField = h('input', {type: 'file', multiple: true, class: 'visually-hidden', tabindex: -1, 'aria-hidden': 'true', onchange: take});
  const folderField = h('input', {type: 'file', webkitdirectory: true, class: 'visually-hidden', tabindex: -1, 'aria-hidden': 'true', onchange: take});
  const element = h('div', {class: 'page files-page'},
      h('header', {class: 'page-head'}, h('h1', {}, 'Files'), status),
      h('div', {class: 'toolbar'}, crumbs, h('div', {class: 'tools'}, filter,
          h('button', {type: 'button', onclick: () => folderField.click()}, icon('folder'), 'Upload a folder'),
          h('button', {type: 'button', class: 'primary', onclick: () => fileField.click()}, icon('upload'), 'Upload files'), fileField, folderField)),
      h('section', {class: 'card table-card', 'aria-label': 'List of files'}, table, message, h('div', {class: 'more'}, more)),
      h('div', {class: 'drop-hint', 'aria-hidden': 'true'}, h('div', {}, icon('upload'), h('b', {}, 'Drop to upload'), h('span'))));

  function take(event) {
    upload(picked(event.target, folder));
    event.target.value = ''; // so that the same file can be chosen again
  }

  async function load(after) {
    const mine = ++run;
    try {
      const page = await api.list({prefix: folder + prefix, after, limit: PAGE});
      if (mine !== run) {
        return;
      }
      const fresh = [...page.folders.map(name => ({folder: name})), ...page.files];
      entries = after === null ? fresh : [...entries, ...fresh];
      next = page.next;
      draw();
    } catch (problem) {
      if (mine === run) {
        setText(status, '');
        table.hidden = true;
        more.hidden = true;
        message.hidden = false;
        message.replaceChildren(h('p', {class: 'problem', role: 'alert'}, problem.message),
            h('button', {type: 'button', onclick: () => load(null)}, icon('retry'), 'Try again'));
      }
    }
  }

  /** Reads the list again after a pause: an upload of a thousand files causes one refresh. */
  function later() {
    clearTimeout(timer);
    timer = setTimeout(() => load(null), SETTLE_MS);
  }

  function draw() {
    const files = entries.filter(entry => !entry.folder);
    const folders = entries.length - files.length;
    const parts = [folders > 0 ? count(folders, 'folder') : '', files.length > 0
        ? `${count(files.length, 'file')}, ${bytes(files.reduce((sum, file) => sum + file.size, 0))}` : ''].filter(Boolean);
    setText(status, parts.length ? parts.join(', ') + (next === null ? '' : ' so far') : 'Nothing here');
    drawCrumbs();
    table.hidden = entries.length === 0;
    more.hidden = next === null;
    message.hidden = entries.length > 0;
    if (entries.length === 0) {
      message.replaceChildren(...(prefix ? [icon('search'), h('p', {}, 'No name here starts with ', fileName(prefix), '.')]
          : [icon('upload'), h('h2', {}, folder ? 'This folder is empty' : 'No files yet'),
            h('p', {class: 'muted'}, 'Drop files or folders anywhere on this page. Every node of the ring can serve them.')]));
    }
    const focused = rows.contains(document.activeElement) ? document.activeElement.dataset.focus : null;
    rows.replaceChildren(...entries.map(entry => entry.folder ? folderRow(entry.folder) : fileRow(entry)));
    if (focused) {
      [...rows.querySelectorAll('[data-focus]')].find(one => one.dataset.focus === focused)?.focus();
    }
  }

  function drawCrumbs() {
    const parts = folder.split('/').filter(Boolean);
    crumbs.replaceChildren(h('ol', {}, h('li', {}, link('All files', '')), parts.map((part, i) => h('li', {},
        i === parts.length - 1 ? h('span', {'aria-current': 'page'}, fileName(part))
            : link(fileName(part), `${parts.slice(0, i + 1).join('/')}/`)))));
  }

  function link(text, target) {
    return h('a', {href: `#/files/${encodeURIComponent(target)}`}, text);
  }

  function folderRow(name) {
    return h('tr', {class: 'folder'}, h('th', {scope: 'row'}, h('a', {class: 'entry', 'data-focus': name, href: `#/files/${encodeURIComponent(name)}`},
        icon('folder'), fileName(baseName(name).slice(0, -1)))), h('td', {class: 'number'}, ''), h('td', {class: 'wide'}), h('td', {class: 'wide'}), h('td', {}));
  }

  function fileRow(file) {
    const base = baseName(file.name);
    const isImage = file.contentType.startsWith('image/');
    return h('tr', {}, h('th', {scope: 'row'}, h('button', {type: 'button', class: 'entry', 'data-focus': file.name, title: base, onclick: () => open(file)},
        icon(isImage ? 'image' : 'file'), fileName(base))),
    h('td', {class: 'number'}, bytes(file.size)), h('td', {class: 'wide'}, date(file.modified)),
    h('td', {class: 'wide'}, file.copies === 'all' ? 'every node' : file.copies),
    h('td', {class: 'actions'},
        h('a', {class: 'icon-button', href: api.downloadUrl(file.name), download: '', 'aria-label': `Download ${base}`, title: 'Download'}, icon('download')),
        h('button', {type: 'button', class: 'icon-button', 'aria-label': `Where is ${base}?`, title: 'Where are its copies?', onclick: () => where(file)}, icon('pin')),
        h('button', {type: 'button', class: 'icon-button', 'aria-label': `Delete ${base}`, title: 'Delete', onclick: () => remove(file)}, icon('trash'))));
  }

  function where(file) {
    go(`lookup/${encodeURIComponent(file.name)}`);
  }

  function open(file) {
    preview(file, {onDelete: remove, onWhere: where});
  }

  async function remove(file, done = () => {}) {
    const agreed = await confirm({title: 'Delete this file?', action: 'Delete', text: h('p', {}, h('b', {}, fileName(file.name)),
        ` (${bytes(file.size)}) is deleted at every node of the network.`)});
    if (!agreed) {
      return;
    }
    try {
      await api.remove(file.name);
      done();
      toast(h('span', {}, fileName(baseName(file.name)), ' is deleted'));
    } catch (problem) {
      if (problem.status === 404) {
        done();
      }
      toast(problem.message, 'bad');
    }
    load(null);
  }

  // -- drag and drop ----------------------------------------------------------------------------------------------------

  let depth = 0;

  function isFiles(event) {
    return event.dataTransfer?.types.includes('Files');
  }

  const drops = {
    dragenter(event) {
      if (isFiles(event)) {
        event.preventDefault();
        depth++;
        element.classList.add('dropping');
        element.querySelector('.drop-hint span').replaceChildren(folder ? 'into ' : '', folder ? fileName(folder) : '');
      }
    },
    dragover(event) {
      if (isFiles(event)) {
        event.preventDefault();
        event.dataTransfer.dropEffect = 'copy';
      }
    },
    dragleave(event) {
      if (isFiles(event) && --depth <= 0) {
        depth = 0;
        element.classList.remove('dropping');
      }
    },
    async drop(event) {
      if (!isFiles(event)) {
        return;
      }
      event.preventDefault();
      depth = 0;
      element.classList.remove('dropping');
      try {
        const files = await dropped(event.dataTransfer, folder);
        if (files.length === 0) {
          toast('You dropped no file. Folders without files are not stored.');
        }
        upload(files);
      } catch (failed) {
        toast(`The dropped files cannot be read: ${failed.message}`, 'bad');
      }
    },
  };
  Object.entries(drops).forEach(([name, handler]) => addEventListener(name, handler));

  const unwatch = watchEvents((name, data) => {
    if (name === 'files' || name === 'file' && data.file.startsWith(folder)) {
      later();
    }
  });
  const unwatchUploads = watchUploads(name => {
    if (name.startsWith(folder)) {
      later();
    }
  });
  drawCrumbs();
  load(null);
  return {
    element,
    title: 'Files',
    update(target) {
      folder = target;
      prefix = '';
      filter.value = '';
      load(null);
      scrollTo(0, 0);
    },
    close() {
      run++;
      clearTimeout(timer);
      unwatch();
      unwatchUploads();
      Object.entries(drops).forEach(([name, handler]) => removeEventListener(name, handler));
    },
  };
}
