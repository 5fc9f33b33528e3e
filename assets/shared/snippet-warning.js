/** What is said beside the code of a site that would not work on it. */

import { el } from './dom.js';
import { notice } from './form.js';
import { t } from './text.js';

const FLAG = '--public-url';

/** @param {'private' | 'http'} kind As `trouble` of snippet.js found it. */
export function snippetWarning(kind) {
  const [before, after] = t('snippet.later', { flag: '\n' }).split('\n');
  // The flag breaks at none of its hyphens.
  return notice('warning', t(`snippet.${kind}`), el('p', {}, before ?? '', el('code', { class: 'one-line' }, FLAG), after ?? ''));
}
