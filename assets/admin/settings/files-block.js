/** «Файлы»: how large files may be, and of what kinds. */

import { patch } from '../../shared/api.js';
import { el, freshId } from '../../shared/dom.js';
import { checkboxField } from '../../shared/form.js';
import { t } from '../../shared/text.js';
import { blockForm } from './block.js';
import { bodyOf, FILE_KEYS, MB, sameFiles, valuesOf } from './files-values.js';
import { numberField } from './number-field.js';
import { getSettings, settingsHeard } from './settings-source.js';

/** @typedef {import('./files-values.js').FileValues} FileValues */

/** Most and least megabytes that can be chosen. */
const MEGABYTES_MIN = 1;
const MEGABYTES_MAX = 100;

export const KINDS = /** @type {const} */ (['image', 'pdf', 'document', 'text', 'archive', 'audio', 'video']);

/** @type {import('./block.js').MakeBlock} */
export function filesBlock(session) {
  let saved = '';
  const limits = { min: MEGABYTES_MIN, max: MEGABYTES_MAX };
  const size = numberField({
    name: 'files.max_bytes', label: t('settings.fileSize'), help: t('settings.fileSizeHelp', limits), ...limits,
    // It may stand between two megabytes.
    isSaved: (text) => text === saved,
  });
  const boxes = KINDS.map((kind) => ({ kind, field: checkboxField({ name: `kind-${kind}`, label: t(`settings.kind.${kind}`) }) }));
  const id = freshId('kinds');
  const off = el('p', { class: 'field-help', id, hidden: true }, t('settings.filesOff'));
  const kinds = el('fieldset', { class: 'settings-kinds', 'aria-describedby': id },
    el('legend', { class: 'field-label' }, t('settings.fileKinds')), boxes.map((box) => box.field.el), off);

  function chosen() {
    return boxes.filter((box) => box.field.value() === true).map((box) => box.kind);
  }

  /** @type {import('../../shared/form.js').Field} */
  const kindsField = {
    el: kinds, name: 'files.kinds', label: t('settings.fileKinds'), value: () => chosen().join(), set: () => {}, check: () => null, showError: () => {},
    focus: () => boxes[0]?.field.focus(),
  };

  return blockForm({
    id: 'files', title: t('settings.files'), canEdit: session.me.role === 'owner', body: [size.el, kinds], fields: () => [size, kindsField],
    load: async () => ({ values: valuesOf(await getSettings()) }),
    save: async (base, mine) => valuesOf(await patch('/api/settings', bodyOf(base, mine))),
    /** @returns {FileValues} */
    values: () => ({ megabytes: String(size.value()), kinds: chosen() }),
    set(next, base) {
      saved = base.megabytes;
      if (size.value() !== next.megabytes) size.set(next.megabytes);
      for (const box of boxes) if (box.field.value() !== next.kinds.includes(box.kind)) box.field.set(next.kinds.includes(box.kind));
      off.hidden = chosen().length > 0;
    },
    keys: FILE_KEYS, same: sameFiles, label: (key) => t(`settings.field.${key}`),
    words: (key, values) => (key === 'megabytes' ? t('settings.megabytes', { n: values.megabytes })
      : values.kinds.map((kind) => t(`settings.kind.${kind}`)).join(', ') || t('settings.none')),
    hears: settingsHeard, changed: () => (off.hidden = chosen().length > 0),
  });
}
