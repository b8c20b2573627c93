// Where things are in the picture of the ring: nodes on the circle, chords between them, labels beside it.

import {host} from './format.js';

export const RADIUS = 248;
export const X = 0;
export const Y = 0;
const LABEL_GAP = 17;
const PASSES = 60;
const DIGITS = 13; // number of hex digits of an id that a number represents exactly
const CIRCLE = 16 ** DIGITS;

/** The angle of an id on the circle, clockwise from the top. */
export function angle(id) {
  return parseInt(id.slice(0, DIGITS), 16) / CIRCLE * 2 * Math.PI;
}

export function point(at, radius) {
  return [X + radius * Math.sin(at), Y - radius * Math.cos(at)];
}

/** The path of a chord between two angles. The larger the angle between them, the closer it passes to the centre. */
export function chord(from, to, inset = 16) {
  const a = point(from, RADIUS - inset);
  const b = point(to, RADIUS - inset);
  const turn = Math.abs(Math.atan2(Math.sin(to - from), Math.cos(to - from))) / Math.PI;
  const pull = RADIUS * (0.78 - 0.72 * turn);
  const middle = from + Math.atan2(Math.sin(to - from), Math.cos(to - from)) / 2;
  const c = point(middle, pull);
  return `M${a[0]},${a[1]}Q${c[0]},${c[1]} ${b[0]},${b[1]}`;
}

/** Returns the function that labels a node: with its port if all nodes have the same host, else with host and port. */
export function labels(nodes) {
  const hosts = new Set(nodes.map(node => host(node.address).replace(/:\d+$/, '')));
  return node => hosts.size === 1 ? host(node.address).replace(/^.*(?=:)/, '') : host(node.address);
}

/** The distance of each node from the circle, so that no node covers another. */
export function levels(nodes, radius) {
  const free = new Map([[0, -Infinity], [2 * radius + 2, -Infinity], [-2 * radius - 2, -Infinity]]);
  return nodes.map(node => {
    const at = angle(node.id) * RADIUS;
    let best = 0;
    for (const [level, last] of free) {
      if (at - last >= 2 * radius + 1) {
        best = level;
        break;
      }
      best = last < free.get(best) ? level : best;
    }
    free.set(best, at);
    return best;
  });
}

/** Moves labels on the same side of the circle apart until none covers another. */
export function moveApart(places) {
  for (const side of [true, false]) {
    const column = places.filter(place => place.right === side).sort((a, b) => a.y - b.y);
    for (let pass = 0; pass < PASSES; pass++) {
      for (let i = 1; i < column.length; i++) {
        const overlap = LABEL_GAP - (column[i].y - column[i - 1].y);
        if (overlap > 0) {
          column[i].y += overlap / 2;
          column[i - 1].y -= overlap / 2;
        }
      }
    }
  }
  return places;
}
