// Shows the content of a file without running any of it: images as images, text and HTML as text, PDF on a canvas. No file is
// ever opened as a document of this page's origin.

import {api} from './api.js';
import {openDialog} from './dialog.js';
import {h, icon} from './dom.js';
import {baseName, bytes, fileName} from './format.js';

const IMAGE = /^image\/(png|jpeg|gif|webp|avif|bmp|svg\+xml|x-icon|vnd\.microsoft\.icon)$/;
const TEXT = /^text\/|^application\/(json|xml|javascript|x-sh|x-yaml|yaml|toml|sql|rtf|xhtml\+xml|ld\+json|problem\+json)$|\+(json|xml)$/;
const TEXT_NAME = /\.(txt|md|csv|tsv|log|json|xml|ya?ml|toml|ini|conf|properties|sh|py|js|mjs|ts|java|kt|c|h|cpp|rs|go|rb|css|html?|sql|tex)$/i;
const TEXT_BYTES = 256 * 1024;
const PDF_URL = '/webjars/pdfjs-dist/build';
const PDF_LIMIT_BYTES = 200_000_000;
const MAX_PIXELS = 8_000_000;

/** file: an element of the list. */
export function preview(file, {onDelete, onWhere}) {
  const view = h('div', {class: 'preview-view', tabindex: 0, role: 'region', 'aria-label': 'Content'}, h('p', {class: 'muted'}, 'Loading …'));
  let close = () => {};
  const dialog = openDialog({
    title: fileName(baseName(file.name)), titleText: file.name, className: 'preview',
    tools: [
      h('a', {class: 'button', href: api.downloadUrl(file.name), download: ''}, icon('download'), h('span', {}, 'Download')),
      h('button', {type: 'button', onclick: () => {
        dialog.close();
        onWhere(file);
      }}, icon('pin'), h('span', {}, 'Where?')),
      h('button', {type: 'button', class: 'danger-quiet', onclick: () => onDelete(file, () => dialog.close())}, icon('trash'), h('span', {}, 'Delete')),
    ],
    content: h('div', {class: 'preview-body'}, view, facts(file)),
    onClose: () => close(),
  });
  show(file, view).then(stop => {
    close = stop ?? close;
    if (!dialog.open) {
      close();
    }
  }, problem => view.replaceChildren(h('p', {class: 'problem', role: 'alert'}, problem.message)));
}

function facts(file) {
  return h('dl', {class: 'facts'},
      h('dt', {}, 'Name'), h('dd', {class: 'breaks'}, fileName(file.name)),
      h('dt', {}, 'Size'), h('dd', {}, `${bytes(file.size)} (${file.size.toLocaleString('en')} bytes)`),
      h('dt', {}, 'Type'), h('dd', {class: 'breaks'}, file.contentType),
      h('dt', {}, 'Stored'), h('dd', {}, new Date(file.modified).toLocaleString()),
      h('dt', {}, 'Copies'), h('dd', {}, file.copies === 'all' ? 'at every node' : file.copies),
      h('dt', {}, 'SHA-256'), h('dd', {}, h('code', {class: 'id'}, file.sha256)));
}

async function show(file, view) {
  const type = file.contentType.split(';')[0].trim().toLowerCase();
  if (file.size === 0) {
    view.replaceChildren(h('p', {class: 'muted'}, 'The file is empty.'));
  } else if (IMAGE.test(type)) {
    return image(file, view);
  } else if (type === 'application/pdf') {
    return pdf(file, view);
  } else if (TEXT.test(type) || TEXT_NAME.test(file.name)) {
    return text(file, view);
  } else {
    view.replaceChildren(h('div', {class: 'empty'}, icon('file'), h('p', {}, 'There is no preview for this kind of file.'),
        h('p', {class: 'muted'}, 'Download it to open it with another program.')));
  }
  return null;
}

/** In an <img> nothing in an SVG runs or loads other resources. */
function image(file, view) {
  const picture = h('img', {alt: `The image ${baseName(file.name)}`, src: api.fileUrl(file.name)});
  view.replaceChildren(picture);
  view.classList.add('checkered');
  picture.addEventListener('error', () => {
    view.classList.remove('checkered');
    view.replaceChildren(h('p', {class: 'problem', role: 'alert'},
        'This image cannot be shown. It may be damaged, or not be an image. Download it to look closer.'));
  });
}

async function text(file, view) {
  const response = await api.start(file.name, TEXT_BYTES);
  const content = await response.text();
  view.replaceChildren(h('pre', {}, h('code', {}, content)), file.size > TEXT_BYTES
      ? h('p', {class: 'muted'}, `These are the first ${bytes(TEXT_BYTES)} of ${bytes(file.size)}.`) : '');
}

// -- PDF ----------------------------------------------------------------------------------------------------------------

let library = null;

/** Loaded with the first PDF, not before. */
async function pdfjs() {
  library ??= import(`${PDF_URL}/pdf.min.mjs`).then(lib => {
    const url = `${PDF_URL}/pdf.worker.min.mjs`;
    const policy = globalThis.trustedTypes?.createPolicy('chordshare', {
      createScriptURL(wanted) {
        if (wanted !== url) {
          throw new TypeError(`not a script of the console: ${wanted}`);
        }
        return wanted;
      },
    });
    lib.GlobalWorkerOptions.workerPort = new Worker(policy ? policy.createScriptURL(url) : url, {type: 'module'});
    return lib;
  });
  return library;
}

async function pdf(file, view) {
  if (file.size > PDF_LIMIT_BYTES) {
    view.replaceChildren(h('p', {class: 'muted'}, 'This document is too large to be drawn here. Download it.'));
    return null;
  }
  const lib = await pdfjs();
  const task = lib.getDocument({url: new URL(api.fileUrl(file.name), location.href).href, isEvalSupported: false, enableXfa: false,
    useWasm: false, disableAutoFetch: true, standardFontDataUrl: '/webjars/pdfjs-dist/standard_fonts/',
    cMapUrl: '/webjars/pdfjs-dist/cmaps/', cMapPacked: true});
  let document;
  try {
    document = await task.promise;
  } catch (failed) {
    task.destroy();
    view.replaceChildren(h('p', {class: 'problem', role: 'alert'}, failed.name === 'PasswordException'
        ? 'This document is protected by a password. Download it to open it.'
        : 'This document cannot be drawn. It may be damaged, or not be a PDF. Download it to look closer.'));
    return null;
  }
  const canvas = h('canvas', {role: 'img'});
  const words = h('div', {class: 'visually-hidden'});
  const place = h('span', {role: 'status'});
  const back = h('button', {type: 'button', class: 'icon-button', 'aria-label': 'Page before', onclick: () => turn(-1)}, icon('left'));
  const on = h('button', {type: 'button', class: 'icon-button', 'aria-label': 'Next page', onclick: () => turn(1)}, icon('right'));
  view.replaceChildren(h('div', {class: 'pager'}, back, place, on), h('div', {class: 'paper'}, canvas, words));
  let page = 1;
  let drawing = null;

  async function turn(step) {
    page = Math.min(document.numPages, Math.max(1, page + step));
    place.textContent = `Page ${page} of ${document.numPages}`;
    back.disabled = page === 1;
    on.disabled = page === document.numPages;
    drawing?.cancel();
    const sheet = await document.getPage(page);
    const width = Math.max(240, view.clientWidth - 48);
    const whole = sheet.getViewport({scale: 1});
    let scale = Math.min(2.5, width / whole.width);
    const sharp = devicePixelRatio || 1;
    scale = Math.min(scale, Math.sqrt(MAX_PIXELS / (whole.width * whole.height)) / sharp);
    const viewport = sheet.getViewport({scale: scale * sharp});
    canvas.width = Math.floor(viewport.width);
    canvas.height = Math.floor(viewport.height);
    canvas.style.width = `${Math.floor(viewport.width / sharp)}px`;
    canvas.setAttribute('aria-label', `Page ${page} of ${baseName(file.name)}`);
    drawing = sheet.render({canvas, canvasContext: canvas.getContext('2d'), viewport});
    try {
      await drawing.promise;
    } catch (stopped) {
      if (stopped.name !== 'RenderingCancelledException') {
        throw stopped;
      }
      return;
    }
    const content = await sheet.getTextContent();
    words.textContent = content.items.map(item => item.str ?? '').join(' ');
    canvas.dataset.drawn = String(page);
  }

  await turn(0);
  return () => task.destroy();
}
