/**
 * The three sounds, made of a few waves each, so that there is nothing to load. A browser lets no page sound before a
 * person touched it: `playSound` says whether it was heard.
 *
 * @typedef {'drop' | 'bell' | 'knock'} Sound
 */

/** Sounds that come closer together than this are one. */
const APART_MS = 1200;

/** A context that may not sound says nothing by itself; one that may has begun long before. */
const BEGIN_MS = 300;

/** @type {AudioContext | null} */
let context = null;
let playedAt = -Infinity;

/** @type {Record<Sound, (audio: AudioContext, out: AudioNode, at: number) => void>} */
const SOUNDS = {
  drop(audio, out, at) {
    tone(audio, out, { at, from: 420, to: 1150, glide: 0.09, peak: 0.9, length: 0.22 });
    tone(audio, out, { at: at + 0.13, from: 560, to: 1480, glide: 0.08, peak: 0.5, length: 0.2 });
  },
  bell(audio, out, at) {
    for (const [frequency, peak, length] of /** @type {const} */ ([[784, 0.6, 1.1], [1568, 0.25, 0.8], [2140, 0.14, 0.45]])) {
      tone(audio, out, { at, from: frequency, to: frequency, glide: 0, peak, length });
    }
  },
  knock(audio, out, at) {
    for (const step of [0, 0.16]) tone(audio, out, { at: at + step, from: 240, to: 90, glide: 0.07, peak: 1, length: 0.14 });
  },
};

/** @param {string} sound @returns {sound is Sound} */
export function isSound(sound) {
  return Object.hasOwn(SOUNDS, sound);
}

/**
 * Plays a sound.
 *
 * @param {Sound} sound
 * @param {number} volume 0 to 100.
 * @param {{always?: boolean}} [how] always: also right after another one, for trying.
 * @returns {Promise<boolean>} false: the browser does not let the page sound yet.
 */
export async function playSound(sound, volume, how = {}) {
  if (volume === 0) return true;
  // Made before a gesture it would stay silent, and the console would say so each time.
  if (context === null && navigator.userActivation?.hasBeenActive === false) return false;
  context ??= new AudioContext();
  const audio = context;
  if (audio.state !== 'running') {
    await Promise.race([audio.resume().catch(() => null), new Promise((resolve) => setTimeout(resolve, BEGIN_MS))]);
  }
  if (audio.state !== 'running') return false;
  if (!how.always && performance.now() - playedAt < APART_MS) return true;
  playedAt = performance.now();
  const out = audio.createGain();
  // Loudness is heard by its logarithm: the square makes 50 sound like half.
  out.gain.value = (volume / 100) ** 2;
  out.connect(audio.destination);
  SOUNDS[sound](audio, out, audio.currentTime + 0.02);
  return true;
}

/**
 * One wave that dies away.
 *
 * @param {AudioContext} audio
 * @param {AudioNode} out
 * @param {{at: number, from: number, to: number, glide: number, peak: number, length: number}} shape Hertz and seconds.
 */
function tone(audio, out, { at, from, to, glide, peak, length }) {
  const wave = audio.createOscillator();
  const loudness = audio.createGain();
  wave.frequency.setValueAtTime(from, at);
  if (to !== from) wave.frequency.exponentialRampToValueAtTime(to, at + glide);
  loudness.gain.setValueAtTime(0.0001, at);
  loudness.gain.exponentialRampToValueAtTime(peak, at + 0.012);
  loudness.gain.exponentialRampToValueAtTime(0.0001, at + length);
  wave.connect(loudness).connect(out);
  wave.start(at);
  wave.stop(at + length + 0.02);
}
