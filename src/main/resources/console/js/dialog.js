// Dialogs and short messages. The browser's <dialog> keeps the focus inside and restores it.

import {$, h, icon} from './dom.js';

const TOAST_MS = 6000;
const MAX_TOASTS = 4;

/** Opens a dialog with a title, a close button and this content; returns it. */
export function openDialog({title, titleText, className = '', tools = [], content, onClose}) {
  const dialog = h('dialog', {class: className, 'aria-labelledby': 'dialog-title', onclose: () => {
    dialog.remove();
    onClose?.();
  }, onclick: event => {
    if (event.target === dialog) {
      dialog.close(); // a click outside of the dialog
    }
  }}, h('div', {class: 'dialog-body'},
      h('header', {class: 'dialog-head'}, h('h2', {id: 'dialog-title', title: titleText ?? null}, title), h('div', {class: 'tools'}, tools,
          h('button', {type: 'button', class: 'icon-button', 'aria-label': 'Close', onclick: () => dialog.close()}, icon('close')))),
      content));
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** Asks for confirmation before something that cannot be undone; resolves to the answer. */
export function confirm({title, text, action}) {
  return new Promise(resolve => {
    let agreed = false;
    const cancel = h('button', {type: 'button', onclick: () => dialog.close()}, 'Cancel');
    const dialog = openDialog({title, className: 'confirm', onClose: () => resolve(agreed), content: h('div', {class: 'confirm-body'},
        text, h('div', {class: 'buttons'}, cancel, h('button', {type: 'button', class: 'danger', onclick: () => {
          agreed = true;
          dialog.close();
        }}, action)))});
    cancel.focus();
  });
}

/** Shows a short message; screen readers read it out. */
export function toast(text, tone = '') {
  const box = $('#toasts');
  while (box.children.length >= MAX_TOASTS) {
    box.firstElementChild.remove();
  }
  const message = h('div', {class: `toast ${tone}`}, h('span', {}, text),
      h('button', {type: 'button', class: 'icon-button', 'aria-label': 'Dismiss', onclick: () => message.remove()}, icon('close')));
  box.append(message);
  if (tone !== 'bad') {
    setTimeout(() => message.remove(), TOAST_MS);
  }
}
