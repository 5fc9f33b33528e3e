/**
 * Cutting a square out of a picture: dragged and zoomed with pointers, by keys, by a slider, with the round that people will see
 * beside it.
 */

import { dialog } from '../dialog.js';
import { el, freshId, setAttribute, setText } from '../dom.js';
import { AVATAR_PX_MAX, AVATAR_PX_MIN } from '../limits.js';
import { t } from '../text.js';
import { cutSide, firstCrop, mostZoom, moveBy, zoomOf, zoomTo } from './crop-geometry.js';

/** @typedef {import('./crop-geometry.js').Crop} Crop */
/** @typedef {import('./picture-file.js').Opened} Opened */

/** One press of an arrow moves by this part of the square; with Shift by the larger one. */
const STEP = 0.02;
const LEAP = 0.1;
/** One press of + or −, one notch of the wheel. */
const GROWTH = 1.1;
/** Steps of the slider. */
const STEPS = 100;
const JPEG_QUALITY = 0.92;

/**
 * Asks which part to show; null: the person left.
 *
 * @param {Opened} opened
 * @returns {Promise<Blob | null>} PNG or JPEG, as the picture was.
 */
export async function cropPicture(opened) {
  const { image } = opened;
  const size = { width: image.naturalWidth, height: image.naturalHeight };
  const part = cropPart(opened, size);
  const square = size.width === size.height;
  const shown = dialog({
    title: t('picture.crop'),
    keep: true,
    body: [
      el('p', { class: 'secondary' }, t(square ? 'picture.cropLarge' : 'picture.cropSquare', { ...size, least: AVATAR_PX_MIN, most: AVATAR_PX_MAX })),
      part.el,
    ],
    actions: [
      { text: t('picture.cropDone'), value: 'done', kind: 'primary' },
      { text: t('form.cancel'), value: 'no' },
    ],
  });
  const answer = shown.open();
  part.focus();
  return (await answer) === 'done' ? cut(opened, part.crop()) : null;
}

/**
 * @param {Opened} opened
 * @param {{width: number, height: number}} size
 */
function cropPart(opened, size) {
  let crop = firstCrop(size);
  const most = mostZoom(size);
  const ids = { help: freshId('crop'), zoom: freshId('zoom') };
  const layer = () => el('img', { class: 'crop-image', src: opened.address, alt: '', draggable: 'false' });
  const stage = el('div', {
    class: 'crop-stage', tabindex: 0, role: 'application', 'aria-label': t('picture.stage'), 'aria-describedby': ids.help,
    onkeydown: onKey, onwheel: onWheel, onpointerdown: down, onpointermove: move, onpointerup: up, onpointercancel: up,
  }, layer(), el('div', { class: 'crop-mask' }));
  const slider = el('input', { type: 'range', id: ids.zoom, class: 'crop-range', min: 0, max: STEPS, step: 1, oninput: onSlider });
  const amount = el('output', { class: 'numbers', for: ids.zoom });
  const element = el('div', { class: 'crop' },
    el('div', { class: 'crop-work' }, stage,
      el('div', { class: 'crop-preview', 'aria-hidden': 'true' }, ['large', 'small'].map((one) => el('div', { class: 'crop-round', 'data-size': one }, layer())),
        el('p', { class: 'small secondary' }, t('picture.preview')))),
    el('div', { class: 'field', hidden: most === 1 }, el('label', { class: 'field-label', for: ids.zoom }, t('picture.zoom')),
      el('div', { class: 'crop-line' }, slider, amount)),
    el('p', { class: 'small secondary', id: ids.help }, t('picture.cropHelp')));

  /** @param {Crop} next */
  function set(next) {
    crop = next;
    const share = (/** @type {number} */ pixels) => `${(pixels / crop.side) * 100}%`;
    element.style.setProperty('--crop-width', share(size.width));
    element.style.setProperty('--crop-height', share(size.height));
    element.style.setProperty('--crop-left', share(-crop.x));
    element.style.setProperty('--crop-top', share(-crop.y));
    const zoom = zoomOf(size, crop);
    const percent = t('picture.percent', { n: Math.round(zoom * 100) });
    slider.value = String(most === 1 ? 0 : Math.round((Math.log(zoom) / Math.log(most)) * STEPS));
    setText(amount, percent);
    setAttribute(slider, 'aria-valuetext', percent);
  }

  function onSlider() {
    set(zoomTo(size, crop, most ** (slider.valueAsNumber / STEPS)));
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = event.shiftKey ? LEAP : STEP;
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    // The picture goes where the arrow points, so the square goes the other way.
    if (way) set(moveBy(size, crop, -(way[0] ?? 0) * step, -(way[1] ?? 0) * step));
    else if (event.key === '+' || event.key === '=') set(zoomTo(size, crop, zoomOf(size, crop) * GROWTH));
    else if (event.key === '-' || event.key === '_') set(zoomTo(size, crop, zoomOf(size, crop) / GROWTH));
    else if (event.key === 'Home') set(firstCrop(size));
    else return;
    event.preventDefault();
  }

  /** Where a point of the page is in the stage, from 0 to 1. @param {{clientX: number, clientY: number}} point */
  function place({ clientX, clientY }) {
    const box = stage.getBoundingClientRect();
    return { x: (clientX - box.left) / box.width, y: (clientY - box.top) / box.height };
  }

  /** @param {WheelEvent} event */
  function onWheel(event) {
    event.preventDefault();
    set(zoomTo(size, crop, zoomOf(size, crop) * GROWTH ** -Math.sign(event.deltaY), place(event)));
  }

  /** Fingers, or the mouse, by their ids. @type {Map<number, {x: number, y: number}>} */
  const held = new Map();

  /** @param {PointerEvent} event */
  function down(event) {
    if (event.button !== 0) return;
    stage.setPointerCapture(event.pointerId);
    held.set(event.pointerId, place(event));
  }

  /** @param {PointerEvent} event */
  function move(event) {
    const before = held.get(event.pointerId);
    if (!before) return;
    const now = place(event);
    const other = [...held].find(([id]) => id !== event.pointerId)?.[1];
    held.set(event.pointerId, now);
    if (!other) {
      set(moveBy(size, crop, before.x - now.x, before.y - now.y));
      return;
    }
    // Two fingers: what is between them stays between them.
    const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
    const spread = Math.hypot(now.x - other.x, now.y - other.y) / Math.max(0.01, Math.hypot(before.x - other.x, before.y - other.y));
    set(zoomTo(size, moveBy(size, crop, (before.x - now.x) / 2, (before.y - now.y) / 2), zoomOf(size, crop) * spread, middle));
  }

  /** @param {PointerEvent} event */
  function up(event) {
    held.delete(event.pointerId);
  }

  set(crop);
  return { el: element, crop: () => crop, focus: () => stage.focus({ preventScroll: true }) };
}

/**
 * @param {Opened} opened
 * @param {Crop} crop
 * @returns {Promise<Blob | null>}
 */
function cut({ image, name }, { x, y, side }) {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = cutSide({ x, y, side });
  const brush = canvas.getContext('2d');
  if (brush === null) return Promise.resolve(null);
  brush.imageSmoothingQuality = 'high';
  brush.drawImage(image, x, y, side, side, 0, 0, canvas.width, canvas.height);
  const png = /\.png$/i.test(name);
  return new Promise((resolve) => canvas.toBlob(resolve, png ? 'image/png' : 'image/jpeg', JPEG_QUALITY));
}
