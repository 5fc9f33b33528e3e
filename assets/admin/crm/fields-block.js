/** «Дополнительные поля»: which fields of the CRM each lead fills, with what, in which order. */

import { get, put } from '../../shared/api.js';
import { iconButton } from '../../shared/dialog.js';
import { el, icon, setAttribute, setChildren, setText } from '../../shared/dom.js';
import { notice } from '../../shared/form.js';
import { CRM_FIELDS } from '../../shared/limits.js';
import { t } from '../../shared/text.js';
import { blockForm } from '../settings/block.js';
import { refusal } from './crm-words.js';
import { fieldDialog, readFields, sourceName } from './field-dialog.js';
import { moved, sameFields } from './field-values.js';

/** @typedef {import('../../shared/types-crm.js').Crms} Crms */
/** @typedef {import('../../shared/types-crm.js').CrmField} CrmField */
/** @typedef {import('../../shared/types-crm.js').CrmKind} CrmKind */
/** @typedef {import('../../shared/types-crm.js').LeadField} LeadField */
/** @typedef {{fields: readonly LeadField[], seq?: number | null}} FieldValues `seq`: of their saving. */

/** @param {LeadField} field */
function fills(field) {
  return field.source === 'fixed' ? t('fields.always', { value: field.value.split('\n').join(', ') }) : sourceName(field.source);
}

/** @type {import('../settings/block.js').MakeBlock} */
export function fieldsBlock(session) {
  /** @type {CrmKind | null} */
  let kind = null;
  /** @type {readonly LeadField[]} */
  let fields = [];
  /** Those of the CRM, once somebody needed them. @type {CrmField[] | null} */
  let offered = null;
  /** Those of the chosen ones that the CRM has no more. @type {Set<string>} */
  let gone = new Set();
  /** What was drawn besides the fields. */
  let drawn = '';
  let busy = false;
  const list = el('ol', { class: 'crm-fields' });
  const empty = el('p', { class: 'secondary' });
  const trouble = el('div', { role: 'alert' });
  /** @type {HTMLButtonElement} */
  const addButton = el('button', { type: 'button', class: 'button', onclick: () => edit(null, addButton) }, icon('plus', 'icon-small'), el('span', {}, t('fields.add')));
  const limit = el('p', { class: 'field-help' }, t('fields.limit', { limit: CRM_FIELDS }));
  /** @type {{row: HTMLElement, error: HTMLElement, field: LeadField}[]} */
  let rows = [];

  /** What changes without anybody changing the form: the CRM, and which fields it has. */
  function aside() {
    return `${kind} ${[...gone].sort().join(' ')}`;
  }

  /** The form looks whether anything changed. */
  function changed() {
    list.dispatchEvent(new Event('change', { bubbles: true }));
  }

  /** @param {readonly LeadField[]} next @param {string} [focus] The field whose row has the focus then. @param {number} [button] Which of its buttons. */
  function show(next, focus, button = 0) {
    fields = next;
    drawn = aside();
    rows = next.map((field, n) => row(field, n, next.length));
    setChildren(list, rows.map((one) => one.row));
    list.hidden = next.length === 0;
    setText(empty, kind === null ? '' : t('fields.none'));
    empty.hidden = next.length > 0 || kind === null;
    setChildren(noCrm, kind === null ? [t('fields.noCrm'), ' ', el('a', { href: '#crm' }, t('crm.connect'))] : null);
    noCrm.hidden = kind !== null;
    addButton.hidden = kind === null || next.length >= CRM_FIELDS;
    limit.hidden = next.length < CRM_FIELDS;
    const found = focus === undefined ? undefined : rows.find((one) => one.field.field === focus);
    const buttons = found?.row.querySelectorAll('button');
    const at = buttons?.[button];
    (at?.getAttribute('aria-disabled') === 'true' ? buttons?.[button === 0 ? 1 : 0] : at)?.focus();
  }

  /** @param {LeadField} field @param {number} n @param {number} count */
  function row(field, n, count) {
    const error = el('p', { class: 'field-error', hidden: true });
    /** @param {number} to @param {number} button */
    const move = (to, button) => {
      if (to < 0 || to >= count) return;
      show(moved(fields, n, to), field.field, button);
      changed();
    };
    const up = iconButton({ icon: 'arrow-up', name: t('fields.up', { name: field.name }), onclick: () => move(n - 1, 0) });
    const down = iconButton({ icon: 'arrow-down', name: t('fields.down', { name: field.name }), onclick: () => move(n + 1, 1) });
    setAttribute(up, 'aria-disabled', n === 0 ? 'true' : null);
    setAttribute(down, 'aria-disabled', n === count - 1 ? 'true' : null);
    const change = iconButton({ icon: 'edit', name: t('fields.changeOne', { name: field.name }), onclick: () => edit(field, change) });
    const away = iconButton({ icon: 'trash', name: t('fields.remove', { name: field.name }), onclick: () => {
      const near = fields[n + 1] ?? fields[n - 1];
      show(fields.filter((one) => one.field !== field.field), near?.field, 3);
      if (near === undefined) addButton.focus();
      changed();
    } });
    const element = el('li', { class: 'crm-field', 'data-gone': gone.has(field.field) },
      el('div', { class: 'crm-field-words' }, el('strong', { dir: 'auto' }, field.name), el('p', { dir: 'auto' }, fills(field)),
        gone.has(field.field) ? el('p', { class: 'crm-field-gone' }, icon('triangle', 'icon-small'), t('fields.gone')) : null, error),
      el('div', { class: 'crm-field-deeds' }, up, down, change, away));
    return { row: element, error, field };
  }

  /** @param {LeadField | null} now @param {HTMLButtonElement} opener */
  async function edit(now, opener) {
    if (busy) return;
    setChildren(trouble);
    if (kind !== 'webhook' && offered === null) {
      busy = true;
      setChildren(waits, t('fields.reading'));
      setAttribute(opener, 'aria-disabled', 'true');
      try {
        offered = await readFields();
      } catch (problem) {
        setChildren(trouble, refusal(/** @type {import('../../shared/types.js').Problem} */ (problem)));
        return;
      } finally {
        busy = false;
        setChildren(waits);
        setAttribute(opener, 'aria-disabled', null);
      }
    }
    if (now === null && kind !== 'webhook' && offered?.every((one) => fields.some((taken) => taken.field === one.field))) {
      setChildren(trouble, notice('info', t('fields.allTaken')));
      return;
    }
    const made = await fieldDialog({ fields: kind === 'webhook' ? null : offered, taken: fields, now });
    if (made === null) return;
    const next = now === null ? [...fields.filter((one) => one.field !== made.field), made] : fields.map((one) => (one.field === now.field ? made : one));
    show(next, made.field, 2);
    changed();
  }

  const noCrm = el('p', {});
  const waits = el('p', { class: 'secondary', role: 'status' });

  /** @param {Crms} crms @returns {FieldValues} */
  function taken(crms) {
    const before = aside();
    kind = crms.connection?.kind ?? null;
    gone = new Set(crms.fields.filter((one) => one.gone).map((one) => one.field));
    if (aside() !== before) offered = null;
    return { fields: crms.fields, seq: crms.fields_seq };
  }

  return blockForm({
    id: 'fields', title: t('fields.title'), lead: t('fields.lead'), canEdit: session.me.role === 'owner',
    body: [noCrm, empty, list, el('div', { class: 'form-actions' }, addButton, waits, limit), trouble],
    fields: () => rows.flatMap((one, n) => ['field', 'value'].map((part) => asField(one, `fields[${n}].${part}`))),
    load: async () => ({ values: taken(await get('/api/crm')) }),
    save: async (/** @type {FieldValues} */ base, mine) => {
      const { chosen, seq } = await put('/api/crm/fields', { seq: base.seq, fields: mine.fields.map(({ field, source, value }) => ({ field, source, value })) });
      return { fields: chosen, seq };
    },
    values: () => /** @type {FieldValues} */ ({ fields }),
    set: (next) => show(next.fields),
    keys: ['fields'], same: (a, b) => sameFields(a.fields, b.fields), label: () => t('fields.title'),
    words: (key, values) => (kind === null ? t('fields.noCrm') : values.fields.map((one) => `${one.name}: ${fills(one)}${one.gone ? ` (${t('fields.gone')})` : ''}`).join('; ') || t('fields.none')),
    hears: (frame) => frame.type === 'settings',
    changed: () => aside() !== drawn && show(fields),
  });

  /**
   * What the server says of a field stands in its row.
   * @param {{row: HTMLElement, error: HTMLElement, field: LeadField}} one
   * @param {string} name
   * @returns {import('../../shared/form.js').Field}
   */
  function asField(one, name) {
    return {
      el: one.row, name, label: one.field.name, value: () => one.field.value, set: () => {}, check: () => null,
      showError(text) {
        setText(one.error, text);
        one.error.hidden = text === null;
      },
      focus: () => one.row.querySelectorAll('button')[2]?.focus(),
    };
  }
}
