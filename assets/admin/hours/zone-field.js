/** The time zone: the project's, or any that the browser knows. */

import { el, freshId, icon, setAttribute, setText } from '../../shared/dom.js';
import { t } from '../../shared/text.js';
import { zoneWords } from './timetable.js';

/** @returns {import('../../shared/form.js').Field & {project: (zone: string) => void}} */
export function zoneField() {
  const id = freshId('zone');
  const own = el('option', { value: '' }, t('hours.projectZone'));
  const input = el('select', { class: 'field-input', id, name: 'time_zone' }, own,
    ['UTC', ...Intl.supportedValuesOf('timeZone')].map((zone) => el('option', { value: zone }, zoneWords(zone))));
  const errorText = el('span', {});
  const error = el('p', { class: 'field-error', id: `${id}-error`, hidden: true }, icon('triangle', 'icon-small'), errorText);
  /** @param {string | null} text */
  function showError(text) {
    setText(errorText, text);
    error.hidden = text === null;
    setAttribute(input, 'aria-invalid', text === null ? null : 'true');
    setAttribute(input, 'aria-describedby', text === null ? null : error.id);
  }
  return {
    el: el('div', { class: 'field hours-zone' }, el('label', { class: 'field-label', for: id }, t('hours.zone')), input, error),
    name: 'time_zone',
    label: t('hours.zone'),
    value: () => input.value,
    set(to) {
      const zone = String(to);
      // Browsers know some zones by another of their names.
      if (![...input.options].some((option) => option.value === zone)) input.append(el('option', { value: zone }, zoneWords(zone)));
      input.value = zone;
      showError(null);
    },
    check: () => null,
    showError,
    focus: () => input.focus(),
    project: (zone) => setText(own, t('hours.projectZoneNamed', { zone: zoneWords(zone) })),
  };
}
