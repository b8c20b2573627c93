// Shows the lookup of a key or a file name: every hop with its time, and the copies of the file.

import {api, Problem} from './api.js';
import {diagram} from './diagram.js';
import {h, icon} from './dom.js';
import {count, fileName, host, micros} from './format.js';
import {state, watch} from './state.js';

const KEY = /^[0-9a-f]{40}$/i;

export function lookupPage(argument, go) {
  const picture = diagram(id => go(`ring/${id}`));
  const input = h('input', {id: 'lookup-input', type: 'text', autocomplete: 'off', spellcheck: 'false', value: argument,
    placeholder: 'reports/2026/q3.pdf', 'aria-describedby': 'lookup-hint'});
  const button = h('button', {type: 'submit', class: 'primary'}, icon('search'), 'Look up');
  const result = h('div', {class: 'lookup-result', 'aria-live': 'polite'});
  const form = h('form', {class: 'card lookup-form', onsubmit: event => {
    event.preventDefault();
    const wanted = input.value;
    if (wanted === asked) {
      search(wanted);
    } else {
      go(`lookup/${encodeURIComponent(wanted)}`);
    }
  }},
  h('label', {for: 'lookup-input'}, 'File name or key'),
  h('div', {class: 'row'}, input, button),
  h('p', {id: 'lookup-hint', class: 'muted'}, 'A key has 40 hex digits. A name need not exist: the page shows where it would be stored.'));
  const element = h('div', {class: 'page lookup-page'},
      h('header', {class: 'page-head'}, h('h1', {}, 'Lookup'),
          h('p', {class: 'summary'}, 'Who owns a key, and how this node finds the owner')),
      form, h('section', {class: 'card picture', 'aria-label': 'Picture of the lookup'}, picture.element), result);

  let asked = '';
  let found = null;
  let location = null;
  let run = 0;

  async function search(wanted) {
    asked = wanted;
    if (wanted === '') {
      found = null;
      location = null;
      result.replaceChildren(empty());
      draw();
      return;
    }
    const mine = ++run;
    button.disabled = true;
    const isKey = KEY.test(wanted);
    try {
      const [answer, where] = await Promise.all([isKey ? api.lookupKey(wanted.toLowerCase()) : api.lookupName(wanted),
        isKey ? null : api.locations(wanted).catch(problem => problem)]);
      if (mine === run) {
        found = answer;
        location = where;
        result.replaceChildren(...show());
      }
    } catch (problem) {
      if (mine === run) {
        found = null;
        location = null;
        result.replaceChildren(h('section', {class: 'card'}, h('p', {class: 'problem', role: 'alert'}, problem.message)));
      }
    } finally {
      if (mine === run) {
        button.disabled = false;
        draw();
      }
    }
  }

  function empty() {
    return h('section', {class: 'card empty'}, icon('search'), h('h2', {}, 'Follow a lookup'),
        h('p', {class: 'muted'}, 'Type a file’s name or a key. The page shows each hop and the time it took.'));
  }

  /** The requests as lines of the picture. Each line starts at the last node that answered. */
  function hops() {
    if (!found) {
      return [];
    }
    const self = state.ring?.self.id;
    let at = self;
    const lines = [];
    for (const {node, answered} of found.trace.asked) {
      if (node.id !== at) {
        lines.push({from: at, to: node.id, answered});
      }
      at = answered ? node.id : at;
    }
    return lines.filter(line => line.from && state.nodes.some(node => node.id === line.to));
  }

  function show() {
    const total = found.trace.asked.reduce((sum, question) => sum + question.micros, 0);
    return [h('section', {class: 'card', 'aria-labelledby': 'hops-title'},
        h('header', {class: 'card-head'}, h('h2', {id: 'hops-title'}, 'The way'),
            h('span', {class: 'tag'}, `${count(found.hops, 'hop')}, ${micros(total)}`)),
        h('dl', {class: 'facts'}, h('dt', {}, 'Key'), h('dd', {}, h('code', {class: 'id'}, found.key)),
            h('dt', {}, 'Owner'), h('dd', {}, nodeLink(found.owner), found.trace.confirmed ? h('span', {class: 'tag ok'}, 'confirmed')
                : h('span', {class: 'tag warn', title: 'Other nodes say so. The owner did not answer'}, 'not confirmed'))),
        h('ol', {class: 'hops'}, h('li', {}, h('b', {}, 'This node'), h('span', {class: 'muted'},
            found.trace.asked.length === 0 ? ' owns the key itself: nobody has to be asked' : ' starts here')),
        found.trace.asked.map((question, i) => h('li', {class: question.answered ? '' : 'bad'}, nodeLink(question.node),
            h('span', {}, said(question, i === found.trace.asked.length - 1)),
            h('span', {class: 'number'}, micros(question.micros)))))),
    copies()].filter(Boolean);
  }

  function said({node, answered}, isLast) {
    if (isLast && node.id === found.owner.id) {
      return answered ? 'the owner itself answers' : 'the owner does not answer in time';
    }
    return answered ? 'names closer nodes' : 'does not answer: the next best is asked';
  }

  function nodeLink(node) {
    return h('button', {type: 'button', class: 'link', onclick: () => go(`ring/${node.id}`)}, host(node.address));
  }

  /** Copies belong at the owner and the nodes after it. The first of these without a copy are those that lack it. */
  function missing() {
    const ring = state.nodes.filter(node => node.state !== 'GONE');
    const owner = ring.findIndex(node => node.id === location.owner.id);
    const fromOwner = [...ring.slice(owner), ...ring.slice(0, Math.max(0, owner))];
    return fromOwner.filter(node => !location.holders.some(holder => holder.id === node.id)).slice(0, location.missing);
  }

  function copies() {
    if (location === null) {
      return null;
    }
    if (location instanceof Problem) {
      return h('section', {class: 'card', 'aria-labelledby': 'copies-title'}, h('h2', {id: 'copies-title'}, 'Copies'),
          location.status === 404 ? h('p', {class: 'muted'}, 'There is no file of this name. Uploaded now, ',
              nodeLink(found.owner), ' would own it.') : h('p', {class: 'problem'}, location.message));
    }
    const row = (node, has) => h('li', {class: has ? 'has' : 'lacks'}, icon(has ? 'check' : 'close'), nodeLink(node),
        h('span', {class: 'muted'}, [node.id === location.owner.id ? 'owner' : location.ownerSet.some(one => one.id === node.id)
            ? 'answers for it' : '', has ? 'has it whole' : 'copy is missing'].filter(Boolean).join(', ')));
    return h('section', {class: 'card', 'aria-labelledby': 'copies-title'},
        h('header', {class: 'card-head'}, h('h2', {id: 'copies-title'}, 'Copies of ', fileName(location.name)),
            location.missing === 0 ? h('span', {class: 'tag ok'}, 'all there')
                : h('span', {class: 'tag warn'}, `${count(location.missing, 'copy is', 'copies are')} missing`)),
        h('ul', {class: 'copies'}, location.holders.map(node => row(node, true)), missing().map(node => row(node, false))),
        location.missing > 0 ? h('p', {class: 'muted'}, 'The nodes make missing copies automatically, the most endangered first.') : null,
        location.wanted > 0 ? h('p', {class: 'muted'}, `${count(location.wanted, 'more copy is', 'more copies are')} `
            + 'wanted than there are nodes; made as nodes come.') : null);
  }

  function draw() {
    const marks = new Map();
    if (found) {
      marks.set(found.owner.id, 'owner');
      if (location && !(location instanceof Problem)) {
        location.holders.forEach(node => marks.set(node.id, node.id === found.owner.id ? 'owner holder' : 'holder'));
        missing().forEach(node => marks.set(node.id, node.id === found.owner.id ? 'owner lacking' : 'lacking'));
      }
    }
    const way = hops();
    picture.draw({nodes: state.nodes, self: state.ring?.self.id, chosen: found?.owner.id ?? null, marks, path: way, pathKey: run,
      key: found?.key ?? null, caption: found ? [`${found.hops}`, found.hops === 1 ? 'hop' : 'hops'] : []});
  }

  const unwatch = watch(draw);
  draw();
  search(argument);
  return {
    element,
    title: 'Lookup',
    update(next) {
      input.value = next;
      search(next);
    },
    close: unwatch,
  };
}
