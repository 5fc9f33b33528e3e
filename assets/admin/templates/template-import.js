/** Templates out of a table: what it would do is said before anything is written, and so is every row that cannot be taken. */

import { post, problemOf } from '../../shared/api.js';
import { dialog, toast } from '../../shared/dialog.js';
import { el, setAttribute, setChildren, setText } from '../../shared/dom.js';
import { notice, wayOut } from '../../shared/form.js';
import { IMPORT_FAULTS, TEMPLATE_TEXT_CHARS, TEMPLATE_TITLE_CHARS, TEMPLATES_CSV_BYTES } from '../../shared/limits.js';
import { t } from '../../shared/text.js';

/** @typedef {import('../types.js').TemplateImport} TemplateImport */

const MB = 1024 * 1024;

/**
 * @param {boolean} ofOwn Whether they are for the person alone.
 * @param {() => unknown} done Something was written.
 */
export function importTemplates(ofOwn, done) {
  /** @type {File | null} */
  let file = null;
  let busy = false;
  const input = el('input', { type: 'file', accept: '.csv,text/csv', hidden: true, 'aria-label': t('templates.file') });
  input.addEventListener('change', () => chosen(input.files?.[0] ?? null));
  const name = el('p', { class: 'template-file', dir: 'auto', hidden: true });
  const choose = el('button', { type: 'button', class: 'button', autofocus: true, onclick: () => input.click() }, t('templates.chooseFile'));
  const outcome = el('div', { class: 'template-outcome', role: 'status' });
  const load = el('button', { type: 'button', class: 'button', 'data-kind': 'primary', hidden: true, onclick: write }, t('templates.load'));
  const shown = dialog({
    title: t(ofOwn ? 'templates.importOwn' : 'templates.importAll'),
    keep: true,
    body: el('div', { class: 'template-import' },
      el('p', {}, t('templates.importHow', { title: TEMPLATE_TITLE_CHARS, text: TEMPLATE_TEXT_CHARS, size: TEMPLATES_CSV_BYTES / MB })),
      el('p', { class: 'secondary' }, t('templates.importKeeps')),
      el('div', { class: 'form-actions' }, choose, input, name),
      outcome,
      el('div', { class: 'dialog-actions' }, el('button', { type: 'button', class: 'button', onclick: () => shown.close() }, t('form.cancel')), load)),
  });
  shown.el.classList.add('template-import-dialog');
  shown.open();

  /** @param {File | null} one */
  async function chosen(one) {
    // The same file, mended, is to be seen as chosen again.
    input.value = '';
    if (one === null || busy) return;
    file = one;
    load.hidden = true;
    name.hidden = false;
    setText(name, one.name);
    if (one.size > TEMPLATES_CSV_BYTES) {
      setChildren(outcome, notice('danger', t('templates.fileLarge', { size: TEMPLATES_CSV_BYTES / MB })));
      return;
    }
    setText(outcome, t('templates.checking'));
    const answer = await send(true);
    if (answer === null) return;
    const { faults } = answer;
    if (faults.length > 0) {
      setChildren(outcome, faultTable(answer));
      return;
    }
    const writes = answer.added + answer.changed > 0;
    setChildren(outcome, counts(answer), writes ? null : el('p', {}, t('templates.importSame')));
    load.hidden = !writes;
    if (writes) load.focus();
  }

  async function write() {
    const answer = await send(false);
    if (answer === null) return;
    shown.close();
    done();
    toast(t('templates.imported', { added: answer.added, changed: answer.changed }), { kind: 'success' });
  }

  /**
   * @param {boolean} dry
   * @returns {Promise<TemplateImport | null>} null: refused, and said.
   */
  async function send(dry) {
    if (file === null || busy) return null;
    busy = true;
    setAttribute(load, 'aria-disabled', 'true');
    setAttribute(choose, 'aria-disabled', 'true');
    try {
      return await post(`/api/templates/import?private=${ofOwn}&dry=${dry}`, new Blob([file], { type: 'text/csv' }));
    } catch (error) {
      const problem = problemOf(error);
      load.hidden = true;
      setChildren(outcome, notice('danger', problem.title, wayOut(problem)));
      return null;
    } finally {
      busy = false;
      setAttribute(load, 'aria-disabled', null);
      setAttribute(choose, 'aria-disabled', null);
    }
  }
}

/** @param {TemplateImport} answer */
function counts(answer) {
  const rows = /** @type {const} */ (['added', 'changed', 'unchanged']).map((key) =>
    el('div', {}, el('dt', {}, t(`templates.count.${key}`)), el('dd', {}, answer[key])));
  return el('dl', { class: 'template-counts' }, rows);
}

/** The column that a fault is in. @param {string | null} field */
function column(field) {
  return field === 'title' ? `${t('templates.name')}: ` : field === 'text' ? `${t('templates.text')}: ` : '';
}

/** @param {TemplateImport} answer */
function faultTable({ faults }) {
  const rows = faults.map(({ row, problem }) => el('tr', {},
    el('td', { class: 'template-fault-row' }, el('span', { class: 'template-fault-word' }, `${t('templates.row')} `), row),
    el('td', {}, (problem.errors?.length ? problem.errors : [problem]).map((one) => el('p', {}, el('strong', {}, `${column(one.field)}${one.title}. `), one.detail)))));
  const most = faults.length >= IMPORT_FAULTS ? el('p', { class: 'secondary' }, t('templates.faultsMore', { n: IMPORT_FAULTS })) : null;
  return [
    notice('danger', t('templates.faults', { n: faults.length }), t('templates.faultsHow')),
    el('div', { class: 'template-faults', tabindex: 0, role: 'group', 'aria-label': t('templates.faultsName') }, el('table', { class: 'table' },
      el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, t('templates.row')), el('th', { scope: 'col' }, t('templates.wrong')))),
      el('tbody', {}, rows))),
    most,
  ];
}
