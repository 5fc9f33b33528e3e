/** «Файлы»: how large files may be, and of what kinds. */

import { el, freshId, icon, setText } from '../../shared/dom.js';
import { checkboxField, textField } from '../../shared/form.js';
import { t } from '../../shared/text.js';

/** @typedef {import('../../shared/types.js').FileKind} FileKind */
/** @typedef {import('./settings-values.js').Values} Values */

/** Most and least megabytes that can be chosen. */
const MEGABYTES_MIN = 1;
const MEGABYTES_MAX = 100;

export const KINDS = /** @type {const} */ (['image', 'pdf', 'document', 'text', 'archive', 'audio', 'video']);

/** @param {Values} values */
export function filesBlock(values) {
  let saved = values.megabytes;
  const size = textField({
    name: 'files.max_bytes', label: t('settings.fileSize'), help: t('settings.fileSizeHelp', { min: MEGABYTES_MIN, max: MEGABYTES_MAX }), value: values.megabytes,
    inputmode: 'numeric', autocomplete: 'off', check: checkSize,
  });
  size.el.classList.add('settings-size');
  const boxes = KINDS.map((kind) => ({ kind, field: checkboxField({ name: `kind-${kind}`, label: t(`settings.kind.${kind}`), checked: values.kinds.includes(kind) }) }));
  const id = freshId('kinds');
  const errorText = el('span', {});
  const error = el('p', { class: 'field-error', id, hidden: true }, icon('triangle', 'icon-small'), errorText);
  const kinds = el('fieldset', { class: 'settings-kinds', 'aria-describedby': id, onchange: () => showKinds(checkKinds()) },
    el('legend', { class: 'field-label' }, t('settings.fileKinds')), boxes.map((box) => box.field.el), error);

  /** @param {string} text */
  function checkSize(text) {
    // What came from elsewhere may stand between two megabytes; unchanged it is right.
    if (text === saved) return null;
    const number = Number(text);
    return /^\d+$/.test(text) && number >= MEGABYTES_MIN && number <= MEGABYTES_MAX ? null : t('settings.fileSizeWrong', { min: MEGABYTES_MIN, max: MEGABYTES_MAX, got: text });
  }

  function chosen() {
    return boxes.filter((box) => box.field.value() === true).map((box) => box.kind);
  }

  function checkKinds() {
    return chosen().length === 0 ? t('err.file_kinds_empty.detail') : null;
  }

  /** @param {string | null} text */
  function showKinds(text) {
    error.hidden = text === null;
    setText(errorText, text);
  }

  /** @type {import('../../shared/form.js').Field} */
  const kindsField = {
    el: kinds, name: 'files.kinds', label: t('settings.fileKinds'), value: () => chosen().join(), set: () => {}, check: checkKinds, showError: showKinds,
    focus: () => boxes[0]?.field.focus(),
  };

  return {
    el: el('section', { class: 'card', 'aria-labelledby': 'files' }, el('h2', { id: 'files' }, t('settings.files')), size.el, kinds),
    fields: [size, kindsField],
    /** @returns {Pick<Values, 'megabytes' | 'kinds'>} */
    values: () => ({ megabytes: String(size.value()), kinds: chosen() }),
    /** @param {Values} next @param {Values} base What is saved. */
    set(next, base) {
      saved = base.megabytes;
      if (size.value() !== next.megabytes) size.set(next.megabytes);
      for (const box of boxes) if (box.field.value() !== next.kinds.includes(box.kind)) box.field.set(next.kinds.includes(box.kind));
    },
  };
}
