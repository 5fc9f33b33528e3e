/** Name and domains of a site. */

import { ApiError, patch } from '../../shared/api.js';
import { toast } from '../../shared/dialog.js';
import { el, setChildren } from '../../shared/dom.js';
import { form, textField } from '../../shared/form.js';
import { DOMAINS, NAME_CHARS } from '../../shared/limits.js';
import { t } from '../../shared/text.js';
import { conflictPart } from '../settings/conflict.js';
import { changedKeys, mergeValues } from '../settings/merge.js';
import { getChannels } from './channels-source.js';
import { domainsOf, lineOf, SITE_KEYS, siteValues } from './site-values.js';

/** @typedef {import('../types.js').ChannelSettings} ChannelSettings */
/** @typedef {import('./site-values.js').SiteValues} SiteValues */

const KEYS = { keys: SITE_KEYS };

/**
 * @param {object} options
 * @param {ChannelSettings} options.channel
 * @param {import('../leaving.js').Keeper} options.keep
 * @param {(id: number | null) => string | null} options.nameOf Of an operator.
 * @param {(saved: ChannelSettings) => void} options.saved
 */
export function siteForm({ channel, keep, nameOf, saved }) {
  let known = channel;
  let base = siteValues(channel);
  /** @type {ReturnType<typeof conflictPart<SiteValues>> | null} */
  let conflict = null;
  const name = textField({ name: 'name', label: t('site.name'), help: t('site.nameHelp', { limit: NAME_CHARS }), limit: NAME_CHARS, value: base.name, autocomplete: 'off' });
  const domains = textField({
    name: 'domains', label: t('site.domains'), help: t('site.domainsHelp', { limit: DOMAINS }), lines: 4, optional: true, value: base.domains, autocomplete: 'off', inputmode: 'url',
    check: (text) => (domainsOf(text).length > DOMAINS ? t('site.domainsTooMany', { limit: DOMAINS, got: domainsOf(text).length }) : null),
  });
  const choice = el('div', {});
  const made = form({ fields: [name, domains], submit: t('form.save'), sending: t('form.saving'), name: t('site.formName', { name: base.name }), onsubmit: submit, onproblem: keep.stay });
  made.el.querySelector('.form-actions')?.before(choice);
  /** @type {import('../../shared/form.js').Form} */
  const self = { ...made, dirty, reset };
  keep.watch(self);

  function mine() {
    return { name: String(name.value()), domains: domainsOf(String(domains.value())).join('\n') };
  }

  function dirty() {
    return changedKeys(KEYS, base, mine()).length > 0;
  }

  /** @param {SiteValues} next */
  function set(next) {
    if (mine().name !== next.name) name.set(next.name);
    if (mine().domains !== next.domains) domains.set(next.domains);
  }

  function reset() {
    setConflict(null);
    base = siteValues(known);
    made.showProblem(NOTHING);
    set(base);
  }

  /** @param {ReturnType<typeof conflictPart<SiteValues>> | null} next */
  function setConflict(next) {
    conflict = next;
    setChildren(choice, next?.el ?? null);
  }

  /** What the server has now. @param {ChannelSettings} next */
  function news(next) {
    if (next.seq < known.seq) return;
    const theirs = siteValues(next);
    const before = siteValues(known);
    known = next;
    const merged = mergeValues(KEYS, base, mine(), theirs);
    if (merged.conflicts.length === 0) {
      base = theirs;
      set(merged.values);
      return;
    }
    if (conflict !== null && changedKeys(KEYS, before, theirs).length === 0) return;
    set(merged.values);
    setConflict(conflictPart({
      keys: merged.conflicts, label: (key) => t(`site.${key}`), words: (key, values) => values[key].replaceAll('\n', ', ') || t('site.anywhere'),
      stamp: { by: nameOf(next.changed_by_id), at: next.changed_at }, mine: mine(), theirs, chosen: (key, from) => set({ ...mine(), [key]: from[key] }),
    }));
  }

  async function submit() {
    if (conflict?.done === false) {
      keep.stay();
      conflict.focus();
      return;
    }
    setConflict(null);
    const values = mine();
    const typed = String(domains.value());
    try {
      const now = await patch(`/api/channels/${channel.id}`, { seq: known.seq, name: values.name, domains: domainsOf(values.domains) });
      known = now;
      base = siteValues(now);
      set(base);
      toast(t('form.saved'), { kind: 'success' });
      keep.done(self);
      keep.watch(self);
      saved(now);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.problem.code === 'channel_changed') {
        const theirs = (await getChannels()).find((one) => one.id === channel.id);
        if (theirs) news(theirs);
        // Changed elsewhere, and not in what is typed here.
        if (conflict === null) return submit();
        keep.stay();
        /** @type {NonNullable<typeof conflict>} */ (conflict).focus();
        return;
      }
      throw new ApiError(atLines(error.problem, typed));
    }
  }

  return { el: made.el, news, dirty: self.dirty, focus: self.focus, form: self };
}

/** A problem that takes the errors of others away. @type {import('../../shared/types.js').Problem} */
const NOTHING = { type: '', title: '', detail: '', status: 0, code: '', field: 'name', params: {}, request_id: '', errors: [] };

/**
 * Refusals of single domains, as one of their field that names the lines.
 *
 * @param {import('../../shared/types.js').Problem} problem
 * @param {string} typed
 * @returns {import('../../shared/types.js').Problem}
 */
function atLines(problem, typed) {
  const all = problem.errors?.length ? problem.errors : [problem];
  const lines = [];
  const rest = [];
  for (const one of all) {
    const n = /^domains\[(\d+)\]$/.exec(one.field ?? '')?.[1];
    if (n === undefined) rest.push(one);
    else lines.push(t('site.domainsLine', { line: lineOf(typed, Number(n)), title: one.title, detail: one.detail }));
  }
  if (lines.length === 0) return problem;
  return { ...problem, field: null, errors: [...rest, { ...problem, errors: [], field: 'domains', detail: lines.join(' ') }] };
}
