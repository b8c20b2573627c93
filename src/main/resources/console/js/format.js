// Formats numbers, times, names and ids.

import {h} from './dom.js';

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'];

/** 1,234,567 → "1.2 MB": powers of 1,000, as disks are sold. */
export function bytes(count) {
  let unit = 0;
  let value = count;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 99.5 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
}

export function count(number, one, several = `${one}s`) {
  return `${number.toLocaleString('en')} ${number === 1 ? one : several}`;
}

/** A share of the ring. */
export function percent(share) {
  const value = share * 100;
  return `${value >= 9.95 ? value.toFixed(0) : value >= 0.95 ? value.toFixed(1) : value.toFixed(2)} %`;
}

export function duration(seconds) {
  if (!Number.isFinite(seconds)) {
    return '–';
  }
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) {
    return `${s} s`;
  }
  if (s < 3600) {
    return `${Math.floor(s / 60)} min ${s % 60} s`;
  }
  return s < 86_400 ? `${Math.floor(s / 3600)} h ${Math.floor(s % 3600 / 60)} min`
      : `${Math.floor(s / 86_400)} d ${Math.floor(s % 86_400 / 3600)} h`;
}

export function micros(value) {
  return value < 1000 ? `${value} µs` : value < 100_000 ? `${(value / 1000).toFixed(1)} ms` : `${Math.round(value / 1000)} ms`;
}

export function time(iso) {
  return new Date(iso).toLocaleTimeString([], {hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23'});
}

export function date(iso) {
  const day = new Date(iso);
  const today = new Date().toDateString() === day.toDateString();
  return today ? day.toLocaleTimeString([], {hour: '2-digit', minute: '2-digit', hourCycle: 'h23'})
      : day.toLocaleDateString([], {year: 'numeric', month: 'short', day: 'numeric'});
}

export function shortId(id) {
  return id.slice(0, 8);
}

/** "http://127.0.0.1:8081" → "127.0.0.1:8081". */
export function host(address) {
  return address.replace(/^https?:\/\//, '');
}

/** A link to another node's console, or null. A peer's address is not trusted and may be anything. */
export function consoleOf(address) {
  return /^https?:\/\/[^/?#@\\\s]+$/.test(address) ? `${address}/` : null;
}

// Characters that are invisible or change the text direction: they make one name look like another.
const HIDDEN = /([\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb])/u;

/** A name for display: direction changes stay inside, and invisible characters are shown as code points. */
export function fileName(name) {
  return h('bdi', {class: 'name'}, name.split(HIDDEN).map(part => HIDDEN.test(part)
      ? h('span', {class: 'hidden-char', title: 'A character that cannot be seen'},
          `U+${part.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}`)
      : part));
}

/** The part after the last slash. */
export function baseName(name) {
  return name.slice(name.lastIndexOf('/', name.length - 2) + 1);
}

/** The path below /files/ or /locations/ for a name. */
export function path(name) {
  return name.split('/').map(encodeURIComponent).join('/');
}
