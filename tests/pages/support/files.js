/** Files for the tests, made here: real ones, since the server looks at their content. */

import { randomFillSync } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';

/** @typedef {{name: string, mimeType: string, buffer: Buffer}} TestFile */

/** @param {string} kind @param {Buffer} data */
function chunk(kind, data) {
  const body = Buffer.concat([Buffer.from(kind, 'latin1'), data]);
  const head = Buffer.alloc(4);
  head.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc(body));
  return Buffer.concat([head, body, sum]);
}

/** The checksum of PNG. @param {Buffer} data */
function crc(data) {
  if (typeof crc32 === 'function') return crc32(data);
  let sum = ~0;
  for (const byte of data) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}

/**
 * A picture; a noisy one is as large as its pixels.
 *
 * @param {string} name
 * @param {number} width
 * @param {number} height
 * @param {{noise?: boolean, colour?: [number, number, number]}} [how]
 * @returns {TestFile}
 */
export function png(name, width, height, { noise = false, colour = [14, 110, 104] } = {}) {
  const rows = Buffer.alloc((width * 3 + 1) * height);
  if (noise) randomFillSync(rows);
  for (let y = 0; y < height; y += 1) {
    const at = y * (width * 3 + 1);
    rows[at] = 0;
    if (!noise) for (let x = 0; x < width; x += 1) rows.set(y > height - x * height / width ? [232, 198, 90] : colour, at + 1 + x * 3);
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const buffer = Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
  return { name, mimeType: 'image/png', buffer };
}

/** The smallest document that readers of PDF open. @param {string} name @returns {TestFile} */
export function pdf(name) {
  const words = '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>endobj\nxref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000054 00000 n \n0000000105 00000 n \ntrailer<</Size 4/Root 1 0 R>>\nstartxref\n168\n%%EOF\n';
  return { name, mimeType: 'application/pdf', buffer: Buffer.from(words, 'latin1') };
}

/** Plain words. @param {string} name @param {string} text @returns {TestFile} */
export function txt(name, text) {
  return { name, mimeType: 'text/plain', buffer: Buffer.from(text) };
}

/** A second of silence. @param {string} name @returns {TestFile} */
export function wav(name) {
  const buffer = Buffer.alloc(44 + 8000, 128);
  buffer.write('RIFF', 0, 'latin1');
  buffer.writeUInt32LE(36 + 8000, 4);
  buffer.write('WAVEfmt ', 8, 'latin1');
  for (const [at, value] of [[16, 16], [24, 8000], [28, 8000], [40, 8000]]) buffer.writeUInt32LE(value ?? 0, at);
  for (const [at, value] of [[20, 1], [22, 1], [32, 1], [34, 8]]) buffer.writeUInt16LE(value ?? 0, at);
  buffer.write('data', 36, 'latin1');
  return { name, mimeType: 'audio/wav', buffer };
}

/** A program that calls itself something else. @param {string} name @returns {TestFile} */
export function program(name) {
  return { name, mimeType: 'image/png', buffer: Buffer.concat([Buffer.from('MZ'), Buffer.alloc(4000, 1)]) };
}

/** So many bytes of zeros. @param {string} name @param {number} bytes @returns {TestFile} */
export function zeros(name, bytes) {
  return { name, mimeType: 'application/octet-stream', buffer: Buffer.alloc(bytes) };
}

/**
 * Lets go of files, or pastes them, over an element as a hand does; what is not said happens once over it.
 *
 * @param {import('@playwright/test').Locator} target
 * @param {'dragenter' | 'dragover' | 'drop' | 'paste'} kind
 * @param {TestFile[]} files
 * @param {string} [text] Copied beside them.
 */
export async function withFiles(target, kind, files, text = '') {
  const plain = files.map(({ name, mimeType, buffer }) => ({ name, mimeType, bytes: [...buffer] }));
  await target.evaluate((element, given) => {
    const data = new DataTransfer();
    for (const { name, mimeType, bytes } of given.plain) data.items.add(new File([new Uint8Array(bytes)], name, { type: mimeType }));
    if (given.text !== '') data.items.add(given.text, 'text/plain');
    const options = { bubbles: true, cancelable: true, composed: true };
    element.dispatchEvent(given.kind === 'paste'
      ? new ClipboardEvent('paste', { ...options, clipboardData: data })
      : new DragEvent(given.kind, { ...options, dataTransfer: data }));
  }, { plain, kind, text });
}
