// All calls of the console. Each one is a documented call of this node: see /swagger-ui.html.

import {path} from './format.js';

/** An error with the node's problem details (RFC 9457), or with our own text when the node does not answer. */
export class Problem extends Error {
  constructor({status = 0, type = '', title, detail = ''}) {
    super(detail ? `${title}. ${detail}` : title);
    this.status = status;
    this.type = type.replace('urn:chordshare:problem:', '');
    this.title = title;
    this.detail = detail;
  }

  static async of(response) {
    let body = {};
    try {
      body = await response.json();
    } catch {
      // no problem details: show the status
    }
    return Problem.from(response.status, body);
  }

  static from(status, body) {
    return new Problem({status, type: body.type, title: body.title ?? `The node answered with status ${status}`,
      detail: body.detail});
  }

  static silent() {
    return new Problem({type: 'silent', title: 'This node does not answer',
      detail: 'It may have been stopped, or the connection is gone. What was acknowledged is safe at the other nodes.'});
  }
}

const TIMEOUT_MS = 15_000;

async function call(target, {method = 'GET', body, timeoutMs = TIMEOUT_MS, headers = {}} = {}) {
  let response;
  try {
    response = await fetch(target, {method, body, headers, signal: AbortSignal.timeout(timeoutMs), cache: 'no-store'});
  } catch {
    throw Problem.silent();
  }
  if (!response.ok) {
    throw await Problem.of(response);
  }
  return response;
}

async function json(target, options) {
  const response = await call(target, options);
  try {
    return await response.json();
  } catch {
    throw Problem.silent();
  }
}

const JOIN_WAIT_S = 30;

export const api = {
  ring: () => json('/ring'),
  nodes: () => json('/ring/nodes'),
  pointers: id => json(`/ring/nodes/${id}`),
  node: () => json('/node'),
  lookupKey: key => json(`/ring/lookup/${key}?trace=true`),
  lookupName: name => json(`/ring/lookup?trace=true&name=${encodeURIComponent(name)}`),
  locations: name => json(`/locations/${path(name)}`),
  list: ({prefix, after, limit}) => json(`/files?${new URLSearchParams(
      {prefix, limit, delimiter: '/', ...(after === null ? {} : {after})})}`),
  remove: name => call(`/files/${path(name)}`, {method: 'DELETE'}),
  head: name => call(`/files/${path(name)}`, {method: 'HEAD'}),
  /** The first bytes of a file. */
  start: (name, length) => call(`/files/${path(name)}`, {headers: {Range: `bytes=0-${length - 1}`}}),
  join: (address, merge) => json(`/ring/join?wait=${JOIN_WAIT_S}s`, {method: 'POST', timeoutMs: (JOIN_WAIT_S + 10) * 1000,
    headers: {'Content-Type': 'application/json'}, body: JSON.stringify(merge ? {address, merge} : {address})}),
  leave: force => json(`/ring/leave${force ? '?force=true' : ''}`, {method: 'POST'}),
  stay: () => json('/ring/leave', {method: 'DELETE'}),
  fileUrl: name => `/files/${path(name)}`,
  downloadUrl: name => `/files/${path(name)}?download`,
};
