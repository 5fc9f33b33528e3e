/**
 * Requests to the server. A refusal, a lost line and an answer that is not ours all come as an `ApiError` with a
 * `problem` that a person can read: `title` says what happened, `detail` what to do.
 */

import { hasText, language, t } from './text.js';

/** @typedef {import('./types.js').Problem} Problem */

const ANSWER_MS = 30_000;
/** A file has to get there first, over whatever line there is. */
const FILE_MS = 180_000;

/** A request that did not do what was asked. */
export class ApiError extends Error {
  /** @param {Problem} problem */
  constructor(problem) {
    super(`${problem.code}: ${problem.title}`);
    this.name = 'ApiError';
    this.problem = problem;
  }
}

/**
 * @param {string} path From the root: `/api/session`.
 * @returns {Promise<any>}
 */
export function get(path) {
  return request('GET', path);
}

/**
 * @param {string} path
 * @param {unknown} [body] Sent as JSON; none is an empty object.
 * @returns {Promise<any>} null when the answer has no body.
 */
export function post(path, body = {}) {
  return request('POST', path, body);
}

/**
 * @param {string} path
 * @param {unknown} body
 * @returns {Promise<any>}
 */
export function patch(path, body) {
  return request('PATCH', path, body);
}

/**
 * @param {string} path
 * @param {unknown} body A file goes as it is.
 * @returns {Promise<any>}
 */
export function put(path, body) {
  return request('PUT', path, body);
}

/**
 * @param {string} path
 * @returns {Promise<any>} null when the answer has no body.
 */
export function remove(path) {
  return request('DELETE', path);
}

/**
 * The problem of anything that was thrown; a fault of the page itself is logged and shown as such.
 * @param {unknown} error
 * @returns {Problem}
 */
export function problemOf(error) {
  if (error instanceof ApiError) return error.problem;
  console.error(error);
  return local('page_fault', 0);
}

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 */
async function request(method, path, body) {
  /** @type {Record<string, string>} */
  const headers = { accept: 'application/json', 'accept-language': language() };
  const file = body instanceof Blob;
  if (body !== undefined && !file) headers['content-type'] = 'application/json';
  let answer;
  let text;
  try {
    answer = await fetch(path, {
      method,
      headers,
      body: body === undefined ? null : file ? body : JSON.stringify(body),
      credentials: 'same-origin',
      cache: 'no-store',
      signal: AbortSignal.timeout(file ? FILE_MS : ANSWER_MS),
    });
    text = await answer.text();
  } catch {
    throw new ApiError(local('network', 0));
  }
  /** @type {any} */
  let json = null;
  try {
    json = text === '' ? null : JSON.parse(text);
  } catch {
    throw new ApiError(local('bad_answer', answer.status));
  }
  if (answer.ok) return json;
  throw new ApiError(problemOfAnswer(answer.status, json));
}

/**
 * The problem in an answer that refused; of one that is not ours, words of our own.
 * @param {number} status 0: there was none.
 * @param {any} json
 * @returns {Problem}
 */
export function problemOfAnswer(status, json) {
  if (status === 0) return local('network', 0);
  return typeof json?.code === 'string' ? json : local('bad_answer', status);
}

/**
 * A problem that the server could not have written.
 * @param {'network' | 'bad_answer' | 'page_fault'} code
 * @param {number} status
 * @returns {Problem}
 */
function local(code, status) {
  const params = { status };
  // A first request may fail before the words are here.
  const words = (/** @type {string} */ part) => (hasText(`err.${code}.${part}`) ? t(`err.${code}.${part}`, params) : '');
  return {
    type: 'about:blank',
    title: words('title'),
    detail: words('detail'),
    status,
    code,
    field: null,
    params,
    request_id: '',
  };
}
