/** How files are called in the operator's page. */

import { KINDS, sizeText } from '../shared/files.js';
import { language, t } from '../shared/text.js';

/** @param {string | null} kind null: not known. */
export function kindWord(kind) {
  return t(`file.kind.${kind ?? 'other'}`);
}

/**
 * «20 МБ» and «картинки, PDF, …», as parameters of a sentence.
 *
 * @param {import('../shared/files.js').FileLimits} limits
 */
export function limitsWords(limits) {
  const kinds = KINDS.filter((kind) => limits.kinds.includes(kind)).map((kind) => t(`file.kinds.${kind}`));
  return { size: sizeText(limits.max_bytes, language()), kinds: kinds.join(', ') };
}

/**
 * What stands for a message that is a file where there is room for words only: «Фото», or the file's name.
 *
 * @param {{name: string, kind: string | null}} file
 */
export function fileWords(file) {
  return file.kind === 'image' ? t('file.photo') : file.name;
}
