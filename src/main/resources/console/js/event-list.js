// Describes an event in words.

import {h} from './dom.js';
import {bytes, count, fileName, host, time} from './format.js';

const NODE = {
  SUSPECTED: ['warn', 'does not answer'], CLEARED: ['', 'is no longer suspected'], DEAD: ['bad', 'was declared dead'],
  SWITCHED_OFF: ['', 'was stopped'], LEFT: ['', 'left the ring'],
};
const STATUS = {
  ALONE: 'this node is a ring of its own', MEMBER: 'this node is a member', JOINING: 'this node is joining',
  LEAVING: 'this node is leaving', ISOLATED: 'this node has lost all its successors',
};

function words({name, data}) {
  switch (name) {
    case 'node': {
      const [tone, text] = NODE[data.change] ?? ['', data.change];
      return [tone, [h('b', {}, host(data.node.address)), ` ${text}`]];
    }
    case 'ring':
      if (data.changed.includes('status')) {
        return [data.status === 'ISOLATED' ? 'bad' : 'accent', [STATUS[data.status] ?? data.status]];
      }
      if (data.changed.includes('predecessor') && data.predecessor) {
        return ['', ['predecessor is ', h('b', {}, host(data.predecessor.address))]];
      }
      if (data.changed.includes('successors') && data.successors.length > 0) {
        return ['', ['successors: ', data.successors.map(node => host(node.address).replace(/^.*:/, ':')).join(' ')]];
      }
      return ['', [`${data.changed.join(' and ')} changed`]];
    case 'file':
      return data.change === 'STORED' ? ['', [fileName(data.file), ` stored, ${bytes(data.size)}`]]
          : ['', [fileName(data.file), ' deleted']];
    case 'files':
      return ['', ['many files changed']];
    case 'repair':
      return data.pendingCopies === 0 ? ['ok', ['every copy is where it belongs']]
          : ['warn', [`${count(data.pendingCopies, 'copy', 'copies')} to make`]];
    case 'handover':
      return data.running ? ['accent', [`hand-off: ${count(data.filesLeft, 'file')} left`]]
          : [data.blockedBy ? 'warn' : '', [data.blockedBy ? `leave failed: ${data.blockedBy}` : 'hand-off ended']];
    default:
      return ['', [name]];
  }
}

export function eventRow(event) {
  const [tone, text] = words(event);
  return h('li', {class: tone}, h('time', {datetime: event.data.at}, time(event.data.at)), h('span', {}, ...text));
}
