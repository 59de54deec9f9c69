/**
 * Where the snippet keeps things, on pages where any of it may be blocked, full or patched. Nothing here throws.
 */

// Taken before the page can replace them.
const { parse, stringify } = JSON;
const { hasOwn, setPrototypeOf } = Object;
const { isArray } = Array;

/** An object's own property, whatever the page put on Object.prototype. @param {unknown} object @param {string} key */
export const own = (object, key) =>
  object && hasOwn(/** @type {object} */ (object), key) ? /** @type {Record<string, any>} */ (object)[key] : undefined;

/**
 * The same value with every object in it cut off from Object.prototype, so that reading it reads its own properties.
 * @template T
 * @param {T} value
 * @returns {T}
 */
export function detached(value) {
  if (value && typeof value === 'object') {
    for (const key of Object.keys(value)) detached(/** @type {any} */ (value)[key]);
    if (!isArray(value)) setPrototypeOf(value, null);
  }
  return value;
}

/** What the text says in JSON, or the text itself where it is none. @param {string | null} text @returns {any} */
export function decode(text) {
  try {
    return detached(parse(/** @type {string} */ (text)));
  } catch {
    return text;
  }
}

/**
 * JSON, even where Prototype.js gave arrays and strings a toJSON of their own; '' for what cannot be written.
 * @param {unknown} value
 */
export function encode(value) {
  /** @type {[any, PropertyDescriptor][]} */
  const hidden = [];
  try {
    for (const prototype of [Object.prototype, Array.prototype, String.prototype, Number.prototype]) {
      const descriptor = Object.getOwnPropertyDescriptor(prototype, 'toJSON');
      if (descriptor && delete (/** @type {any} */ (prototype).toJSON)) hidden[hidden.length] = [prototype, descriptor];
    }
    return stringify(value) ?? '';
  } catch {
    return '';
  } finally {
    for (const [prototype, descriptor] of hidden) Object.defineProperty(prototype, 'toJSON', descriptor);
  }
}

/** @type {Map<string, string>} */
const page = new Map();
/** The page's own memory, for where there is no other. */
const memory = {
  getItem: (/** @type {string} */ key) => page.get(key) ?? null,
  setItem: (/** @type {string} */ key, /** @type {string} */ text) => void page.set(key, text),
  removeItem: (/** @type {string} */ key) => void page.delete(key),
  keys: () => [...page.keys()],
};

/** From the most lasting to the least. Asked for anew each time, since the browser may block them later. */
const LAYERS = [() => localStorage, () => sessionStorage, () => memory];

/**
 * What was written last under a key. A layer below holds a value only while those above refused it.
 * @param {string} key
 * @returns {string | null}
 */
export function read(key) {
  for (let i = LAYERS.length; i--; ) {
    try {
      const text = LAYERS[i]?.().getItem(key);
      if (text != null) return text;
    } catch {}
  }
  return null;
}

/** Keeps the text in the first layer that takes it; null removes. @param {string} key @param {string | null} text */
export function write(key, text) {
  let kept = text === null;
  for (const layer of LAYERS) {
    try {
      if (kept) layer().removeItem(key);
      else layer().setItem(key, /** @type {string} */ (text));
      kept = true;
    } catch {}
  }
}

/** The keys with a prefix, sorted. @param {string} prefix */
export function keys(prefix) {
  const found = new Set();
  for (const layer of LAYERS) {
    try {
      const area = layer();
      for (const key of area === memory ? memory.keys() : Object.keys(area)) if (key.startsWith(prefix)) found.add(key);
    } catch {}
  }
  return /** @type {string[]} */ ([...found].sort());
}

const YEAR = 365 * 24 * 3600;

/** A cookie's text, decoded and unquoted. @param {string} name @returns {string | null} */
export function cookie(name) {
  try {
    for (const pair of document.cookie.split('; ')) {
      if (pair.startsWith(`${name}=`)) {
        return decodeURIComponent(pair.slice(name.length + 1)).replace(/^"(.*)"$/, '$1');
      }
    }
  } catch {}
  return null;
}

/** The domains that a cookie of this page could have, the widest first; '' is this host alone. */
function domains() {
  const labels = location.hostname.split('.');
  const found = [];
  if (/[a-z]/i.test(labels[labels.length - 1] ?? '')) {
    for (let i = labels.length - 2; i >= 0; i--) found[found.length] = `; domain=.${labels.slice(i).join('.')}`;
  }
  found[found.length] = '';
  return found;
}

/** Sets a cookie at the widest domain that the browser lets it have; null removes it at all of them. @param {string} name @param {string | null} text */
export function setCookie(name, text, seconds = text === null ? 0 : YEAR) {
  try {
    for (const domain of domains()) {
      document.cookie = `${name}=${encodeURIComponent(text ?? '')}; path=/; max-age=${seconds}; samesite=lax${domain}`;
      if (text !== null && cookie(name) === text) return;
    }
  } catch {}
}

/** A random UUID, also on plain http, where crypto.randomUUID is missing. */
export function uuid() {
  let hex = '';
  for (const byte of crypto.getRandomValues(new Uint8Array(16))) hex += (byte + 256).toString(16).slice(1);
  const variant = '89ab'[Number(`0x${hex[16]}`) & 3];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** How long the others are kept waiting, in ms, because what a tab writes into localStorage reaches them with a delay. */
const SETTLING = 50;

/** @param {number} ms */
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/**
 * Runs the task once, while no other tab of this site runs one.
 * @param {() => void} task
 */
export function exclusively(task) {
  let done = false;
  const once = () => {
    try {
      if (!done) task();
    } catch {}
    done = true;
    return pause(SETTLING);
  };
  try {
    navigator.locks.request('anonmsg', once).catch(once);
  } catch {
    lease(once).catch(once);
  }
}

/**
 * The same on plain http, where there are no Web Locks. Whoever sees no flag but its own goes ahead, whoever sees another
 * takes its own down and tries again: cookies are read and written in one order for all tabs, so two never both go ahead.
 * A flag of a tab that died is gone after two seconds. Without cookies nobody waits.
 * @param {() => unknown} task
 */
async function lease(task) {
  const flag = `anonmsg_busy_${uuid()}=1; path=/; samesite=lax; max-age=`;
  for (let tries = 0; tries < 99; tries++) {
    document.cookie = `${flag}2`;
    const alone = document.cookie.split('anonmsg_busy_').length < 3;
    if (alone) await task();
    document.cookie = `${flag}0`;
    if (alone) return;
    await pause(20 + Math.random() * 60);
  }
}
