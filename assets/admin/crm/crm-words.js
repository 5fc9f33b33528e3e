/** The CRM in words: its name, where leads go, what is wrong with it. */

import { ApiError } from '../../shared/api.js';
import { el } from '../../shared/dom.js';
import { notice, wayOut } from '../../shared/form.js';
import { hasText, t } from '../../shared/text.js';

/** @typedef {import('../../shared/types.js').Problem} Problem */
/** @typedef {import('../../shared/types-crm.js').CrmPlace} CrmPlace */

export const KINDS = /** @type {const} */ (['bitrix24', 'amocrm', 'hubspot', 'webhook']);

/** @param {string} kind */
export function kindName(kind) {
  return t(`crm.kind.${kind}`);
}

/**
 * What a cause of the connectors means, in a sentence with what to do.
 * @param {string} cause
 */
export function causeWords(cause) {
  return t(hasText(`crm.fault.${cause}`) ? `crm.fault.${cause}` : 'crm.fault.strange');
}

/** What is wrong with the way to the CRM: the words are the system's as often as the CRM's. */
const OF_THE_WAY = new Set(['address', 'certificate', 'unreachable', 'unknown']);

/** Found by looking at what was typed: nobody said anything. */
const UNASKED = new Set(['https', 'private', 'token', 'webhook_secret']);

/**
 * What the other side said itself, where it said anything, or what the system says of the way there.
 * @param {string} cause
 * @param {string} words
 */
export function ownWords(cause, words) {
  return words === '' || words === cause || UNASKED.has(cause) ? null : el('p', { class: 'crm-words', dir: 'auto' }, t(OF_THE_WAY.has(cause) ? 'crm.details' : 'crm.itsWords', { words }));
}

/**
 * A refusal: of the CRM with the sentence for its cause and its own words, any other as it is.
 * @param {Problem} problem
 */
export function refusal(problem) {
  if (problem.code !== 'crm_failed') return notice('danger', problem.title, wayOut(problem));
  const cause = String(problem.params.cause);
  return notice('danger', causeWords(cause), ownWords(cause, String(problem.params.words ?? '')));
}

/**
 * The same for a form: what cannot be right is said at its field.
 * @param {Problem} problem With a field.
 */
export function atField(problem) {
  return new ApiError(problem.code === 'crm_failed' ? { ...problem, detail: causeWords(String(problem.params.cause)) } : problem);
}

/** @param {{target: string, name: string}} place */
export function placeName(place) {
  const what = t(`crm.target.${place.target}`);
  return place.name === '' ? what : `${what}: ${place.name}`;
}
