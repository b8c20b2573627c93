// Draws the ring: nodes on a circle by id, their shares, and the pointers of the chosen node as arcs.

import {RADIUS, X, Y, angle, chord, labels, levels, moveApart, point} from './diagram-layout.js';
import {h, s, set, setText} from './dom.js';
import {host, percent} from './format.js';

const d3 = globalThis.d3;
const MARGIN = 38;
/** Width of a label's letter. Letters are larger on a small screen (pages.css). */
const LETTER = 8.2;
const LETTER_SMALL_SCREEN = 14.5;
const SMALL_SCREEN = matchMedia('(max-width: 760px)');
const BAND = 12;
const LABELS_UP_TO = 24;
/** With more nodes than this, some are drawn slightly outside or inside of the circle. */
const CROWD = 100;
const CALM = matchMedia('(prefers-reduced-motion: reduce)');
const MOVE_MS = 500;

export const STATES = {
  MEMBER: 'answers', ALONE: 'alone', JOINING: 'joining', LEAVING: 'leaving', ISOLATED: 'cut off from its ring',
  SUSPECT: 'does not answer', GONE: 'gone',
};
export const WHY_GONE = {DEAD: 'declared dead: it was silent for too long', LEFT: 'left after its hand-off',
  SWITCHED_OFF: 'was stopped'};

function ms(duration) {
  return CALM.matches ? 0 : duration;
}

/**
 * @param onChoose called with a node's id
 * @returns {element, draw(model)}; model: {nodes, self, chosen, pointers, path, key, caption}
 */
export function diagram(onChoose) {
  const root = s('svg', {class: 'ring', role: 'group', 'aria-label': 'The ring'});
  const svg = d3.select(root);
  svg.append('circle').attr('class', 'track').attr('cx', X).attr('cy', Y).attr('r', RADIUS);
  const defs = svg.append('defs');
  for (const kind of ['successor', 'predecessor', 'finger', 'hop']) {
    defs.append('marker').attr('id', `arrow-${kind}`).attr('class', `arrow ${kind}`).attr('viewBox', '0 0 8 8')
        .attr('refX', 6).attr('refY', 4).attr('markerWidth', 12).attr('markerHeight', 12)
        .attr('markerUnits', 'userSpaceOnUse').attr('orient', 'auto')
        .append('path').attr('d', 'M0.500,1L7,4L0.500,7z');
  }
  const shares = svg.append('g').attr('class', 'shares').attr('aria-hidden', 'true');
  const pointers = svg.append('g').attr('class', 'pointers').attr('aria-hidden', 'true');
  const path = svg.append('g').attr('class', 'path').attr('aria-hidden', 'true');
  const leaders = svg.append('g').attr('class', 'leaders').attr('aria-hidden', 'true');
  const nodes = svg.append('g').attr('class', 'nodes');
  const caption = svg.append('g').attr('class', 'caption').attr('aria-hidden', 'true');
  const big = caption.append('text').attr('class', 'big').attr('x', X).attr('y', Y + 4);
  const small = caption.append('text').attr('class', 'small').attr('x', X).attr('y', Y + 28);
  const third = caption.append('text').attr('class', 'small').attr('x', X).attr('y', Y + 50);
  let model = null;
  let focusId = null;

  function choose(id) {
    focusId = id;
    onChoose(id);
  }

  root.addEventListener('click', event => {
    // A dot of three pixels is hard to hit: choose the nearest node on the circle
    const place = new DOMPoint(event.clientX, event.clientY).matrixTransform(root.getScreenCTM().inverse());
    const x = place.x - X;
    const y = place.y - Y;
    const distance = Math.hypot(x, y);
    if (model && distance > RADIUS - 50 && distance < RADIUS + 60 && model.nodes.length > 0) {
      const at = Math.atan2(x, -y);
      const away = node => Math.abs(Math.atan2(Math.sin(angle(node.id) - at), Math.cos(angle(node.id) - at)));
      choose(model.nodes.reduce((best, node) => away(node) < away(best) ? node : best).id);
    }
  });

  root.addEventListener('keydown', event => {
    const step = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1}[event.key];
    const list = model?.nodes ?? [];
    if (list.length === 0 || event.altKey || event.ctrlKey || event.metaKey) {
      return;
    }
    const at = Math.max(0, list.findIndex(node => node.id === event.target.dataset?.key));
    if (step) {
      focusOn(list[(at + step + list.length) % list.length].id);
    } else if (event.key === 'Home' || event.key === 'End') {
      focusOn(event.key === 'Home' ? model.self : list.at(-1).id);
    } else if (event.key === 'Enter' || event.key === ' ') {
      choose(list[at].id);
    } else {
      return;
    }
    event.preventDefault();
  });

  function focusOn(id) {
    focusId = id;
    tabStops();
    nodes.selectAll('g.node').filter(node => node.id === id).node()?.focus();
  }

  /** Tab reaches one node of the circle; the arrow keys move from there. */
  function tabStops() {
    const stop = model.nodes.some(node => node.id === focusId) ? focusId : model.chosen ?? model.self;
    nodes.selectAll('g.node').each(function(node) {
      set(this, 'tabindex', node.id === stop ? '0' : '-1');
    });
  }

  function draw(next) {
    model = next;
    const many = model.nodes.length;
    const label = labels(model.nodes);
    root.dataset.size = many > CROWD ? 'many' : many > LABELS_UP_TO ? 'some' : 'few';
    root.setAttribute('aria-label', `The ring: ${many === 1 ? 'one node' : `${many} nodes`}. Arrow keys go around, Enter chooses.`);
    frame(Math.max(0, ...model.nodes.map(node => label(node).length)));
    drawShares();
    drawNodes(label);
    drawLabels(label);
    drawPointers();
    drawPath();
    big.text(model.caption?.[0] ?? '');
    small.text(model.caption?.[1] ?? '');
    third.text(model.caption?.[2] ?? '').attr('class', `small ${model.caption?.[3] ?? ''}`);
    tabStops();
  }

  /** Makes the picture wide enough for the longest label on either side. */
  function frame(letters) {
    const half = RADIUS + MARGIN + Math.min(letters, 24) * (SMALL_SCREEN.matches ? LETTER_SMALL_SCREEN : LETTER);
    root.setAttribute('viewBox', `${X - half} ${Y - RADIUS - MARGIN} ${2 * half} ${2 * (RADIUS + MARGIN)}`);
  }

  function drawShares() {
    const present = model.nodes.filter(node => node.state !== 'GONE');
    const gap = Math.min(0.012, 0.6 / Math.max(1, present.length));
    const arcs = present.map((node, i) => {
      const end = angle(node.id);
      let start = angle(present[(i + present.length - 1) % present.length].id);
      if (start >= end) {
        start -= 2 * Math.PI;
      }
      return {id: node.id, state: node.state, start: Math.min(start + gap, end), end};
    });
    const arc = d3.arc().innerRadius(RADIUS - BAND / 2).outerRadius(RADIUS + BAND / 2).cornerRadius(present.length > 60 ? 0 : 3);
    const shape = share => arc({startAngle: share.start, endAngle: share.end});
    // Neighbours have different tints. With many nodes the tint depends on the id: else one join would recolour the circle
    const tint = (share, i) => (present.length > LABELS_UP_TO ? parseInt(share.id.at(-1), 16) : i) % 2 ? 'odd' : 'even';
    shares.selectAll('path').data(arcs, share => share.id)
        .join(enter => enter.append('path').attr('d', share => shape({...share, start: share.end})).each(function(share) {
          this.shown = share.end;
        }), update => update, exit => exit.transition().duration(ms(MOVE_MS)).style('opacity', 0).remove())
        .each(function(share, i) {
          set(this, 'class', `share ${tint(share, i)} ${share.state}${share.id === model.chosen ? ' chosen' : ''}`);
          if (Math.abs(this.shown - share.start) < 1e-9) {
            return; // already in place: hundreds of needless transitions would cost frames
          }
          const from = this.shown;
          this.shown = share.start;
          d3.select(this).transition().duration(ms(MOVE_MS)).attrTween('d', () => {
            const between = d3.interpolateNumber(from, share.start);
            return t => shape({...share, start: between(t)});
          });
        });
  }

  function drawNodes(label) {
    const radius = model.nodes.length > CROWD ? 3 : model.nodes.length > LABELS_UP_TO ? 5.5 : 9;
    const places = levels(model.nodes, radius);
    nodes.selectAll('g.node').data(model.nodes, node => node.id).join(enter => {
      const node = enter.append('g').attr('data-key', one => one.id).attr('role', 'button');
      node.append('circle').attr('class', 'halo');
      node.append('circle').attr('class', 'dot').attr('r', 0);
      node.append('path').attr('class', 'cross').attr('d', 'M-4,-4L4,4M4,-4L-4,4');
      node.append('title');
      return node;
    }, update => update, exit => exit.attr('role', null).attr('tabindex', null).transition().duration(ms(MOVE_MS))
        .style('opacity', 0).remove())
        .each(function(node, i) {
          const mark = model.marks?.get(node.id) ?? '';
          const content = `${node.state} ${node.share} ${node.address} ${node.id === model.self} ${node.id === model.chosen} ${mark} ${places[i]} ${radius}`;
          if (this.content === content) {
            return;
          }
          this.content = content;
          set(this, 'class', `node ${node.state}${node.id === model.self ? ' self' : ''}${node.id === model.chosen ? ' chosen' : ''}`
              + (mark && ` ${mark}`));
          set(this, 'aria-pressed', String(node.id === model.chosen));
          set(this, 'aria-label', describe(node, model.self));
          set(this, 'transform', `translate(${point(angle(node.id), RADIUS + places[i])})`);
          const target = node.id === model.chosen ? radius * 1.25 : radius;
          if (this.radius !== target) {
            this.radius = target;
            const one = d3.select(this);
            one.select('.dot').transition().duration(ms(MOVE_MS)).attr('r', target);
            one.select('.halo').attr('r', target + 6);
          }
          setText(this.lastElementChild, `${label(node)} · ${STATES[node.state] ?? node.state}`);
        });
  }

  function drawLabels(label) {
    const shown = model.nodes.length <= LABELS_UP_TO ? model.nodes
        : model.nodes.filter(node => node.id === model.chosen || node.id === model.self || node.state === 'GONE'
            || node.state === 'SUSPECT' || model.marks?.has(node.id)).slice(0, LABELS_UP_TO);
    const placed = moveApart(shown.map(node => {
      const at = angle(node.id);
      const [x, y] = point(at, RADIUS + 28);
      return {node, at, x, y, right: Math.sin(at) >= 0};
    }));
    const one = leaders.selectAll('g').data(placed, place => place.node.id).join(enter => {
      const g = enter.append('g');
      g.append('path');
      g.append('text');
      return g;
    }).attr('class', place => `${place.node.state}${place.node.id === model.self ? ' self' : ''}`
        + (place.node.id === model.chosen ? ' chosen' : ''));
    one.select('path').attr('d', place => `M${point(place.at, RADIUS + 14)}L${place.x + (place.right ? -4 : 4)},${place.y}`);
    one.select('text').attr('x', place => place.x).attr('y', place => place.y).attr('dy', '0.350em')
        .attr('text-anchor', place => place.right ? 'start' : 'end').text(place => label(place.node));
  }

  function drawPointers() {
    const arcs = model.pointers ?? [];
    pointers.selectAll('path').data(arcs, arc => `${arc.from}>${arc.to}:${arc.kind}`)
        .join(enter => enter.append('path').style('opacity', 0).call(entering => entering.transition()
                .duration(ms(MOVE_MS)).style('opacity', 1).on('end', function() {
                  this.style.removeProperty('opacity');
                })), update => update,
            exit => exit.remove())
        .attr('class', arc => `pointer ${arc.kind}${arc.soft ? ' soft' : ''}`)
        .attr('marker-end', arc => `url(#arrow-${arc.kind})`)
        .attr('d', arc => chord(angle(arc.from), angle(arc.to)));
  }

  function drawPath() {
    const hops = model.path ?? [];
    path.selectAll('path.hop').data(hops, hop => `${model.pathKey}:${hop.from}>${hop.to}`).join(enter => enter.append('path')
        .attr('d', hop => chord(angle(hop.from), angle(hop.to)))
        .each(function(hop, i) {
          const length = this.getTotalLength();
          d3.select(this).attr('stroke-dasharray', `${length} ${length}`).attr('stroke-dashoffset', length)
              .transition().delay(ms(i * 450)).duration(ms(450)).attr('stroke-dashoffset', 0)
              .on('end', function() {
                d3.select(this).attr('stroke-dasharray', hop.answered ? null : '5 5').attr('marker-end', 'url(#arrow-hop)');
              });
        })).attr('class', hop => `hop${hop.answered ? '' : ' silent'}`);
    const keys = model.key ? [model.key] : [];
    const key = path.selectAll('g.key').data(keys, id => id).join(enter => {
      const g = enter.append('g');
      g.append('path').attr('d', 'M0,-7L7,0L0,7L-7,0z');
      g.append('text').attr('dy', '0.350em').text('key');
      return g;
    }).attr('class', 'key').attr('transform', id => `translate(${point(angle(id), RADIUS - 26)})`);
    key.select('text').attr('x', id => Math.sin(angle(id)) >= 0 ? -12 : 12)
        .attr('text-anchor', id => Math.sin(angle(id)) >= 0 ? 'end' : 'start');
  }

  return {element: root, draw, focusOn};
}

export function describe(node, self) {
  const share = node.state === 'GONE' ? WHY_GONE[node.why] ?? '' : `${percent(node.share)} of the ring`;
  return `${host(node.address)}${node.id === self ? ', this node' : ''}, ${STATES[node.state] ?? node.state}, ${share}`;
}

export function legend() {
  const item = (kind, text) => h('li', {}, h('i', {class: `key-${kind}`, 'aria-hidden': 'true'}), text);
  return h('ul', {class: 'legend', 'aria-label': 'What the lines mean'}, item('successor', 'successors'),
      item('predecessor', 'predecessor'), item('finger', 'fingers'));
}
