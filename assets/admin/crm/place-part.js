/** Where leads go: what they become, the pipeline and the stage, out of what the CRM has. */

import { el, setChildren } from '../../shared/dom.js';
import { selectField } from '../../shared/select-field.js';
import { t } from '../../shared/text.js';
import { placeName } from './crm-words.js';

/** @typedef {import('../../shared/types-crm.js').CrmPlace} CrmPlace */
/** @typedef {{target: 'lead' | 'deal', pipeline: string | null, stage: string | null}} Chosen */

/**
 * @param {CrmPlace[]} places None: there is no choice.
 * @param {Chosen | null} now
 * @returns {{el: HTMLElement, value: () => Chosen}}
 */
export function placePart(places, now) {
  const known = places.findIndex((place) => now !== null && place.target === now.target && (now.pipeline === null || place.pipeline === now.pipeline));
  const where = selectField({ name: 'place', label: t('crm.place'), options: places.map((place, n) => ({ value: String(n), text: placeName(place) })) });
  const stageBox = el('div', {});
  /** @type {ReturnType<typeof selectField> | null} */
  let stage = null;
  if (places.length > 0) where.set(String(Math.max(0, known)));
  where.el.addEventListener('change', () => show(null));

  const chosen = () => places[Number(where.value())];

  /** @param {string | null} id */
  function show(id) {
    const stages = (chosen()?.stages ?? []).filter((one) => one.state === 'open');
    stage = stages.length === 0 ? null : selectField({
      name: 'stage', label: t('crm.stage'), options: [{ value: '', text: t('crm.stageFirst') }, ...stages.map((one) => ({ value: one.id, text: one.name }))],
    });
    stage?.set(stages.some((one) => one.id === id) ? id ?? '' : '');
    setChildren(stageBox, stage?.el ?? null);
  }

  show(now?.stage ?? null);
  return {
    el: el('div', { class: 'crm-place' }, places.length > 1 ? where.el : places[0] ? el('p', {}, `${t('crm.place')}: ${placeName(places[0])}`) : null, stageBox),
    value: () => ({ target: chosen()?.target ?? now?.target ?? 'lead', pipeline: chosen()?.pipeline ?? null, stage: String(stage?.value() ?? '') || null }),
  };
}
