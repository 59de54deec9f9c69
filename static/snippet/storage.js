/**
 * Where the snippet keeps things, on pages where any of it may be blocked, full or patched. Nothing here throws.
 */
import { core } from './core.js';

// Taken before the page can replace them.
const { parse, stringify } = JSON;
const { hasOwn, keys: keysOf, setPrototypeOf } = Object;

/** An object's own property, whatever the page put on Object.prototype. @param {any} object @param {string} key @returns {any} */
export const own = (object, key) => (object && hasOwn(object, key) ? object[key] : undefined);

/** The same value, every object in it cut off from Object.prototype, so that its own properties are all it has. @param {any} value */
export function detached(value) {
  if (value && typeof value === 'object') {
    for (const key of keysOf(value)) detached(value[key]);
    if (!Array.isArray(value)) setPrototypeOf(value, null);
  }
  return value;
}

/** What a text says in JSON, or the text itself where it is none. @param {string | null} text @returns {any} */
export function decode(text) {
  try {
    return detached(parse(String(text)));
  } catch {
    return text;
  }
}

/** JSON; '' for what cannot be written. @param {unknown} value */
export function encode(value) {
  try {
    return stringify(value) ?? '';
  } catch {
    return '';
  }
}

/** The page's own memory, for where there is no other. @type {any} */
const memory = { __proto__: null };

core.jar = document;

/** From the most lasting to the least. Asked for anew each time, since a browser may block them at any moment. */
core.layers = [() => localStorage, () => sessionStorage, () => memory];

/** Does something with each layer that lets us. @param {(layer: any) => void} work */
function each(work) {
  for (const layer of core.layers) {
    try {
      work(layer());
    } catch {}
  }
}

/** What was written last: a layer holds a value only while those above it refuse one. @param {string} key @returns {string | null} */
export function read(key) {
  /** @type {string | null} */
  let text = null;
  each((layer) => {
    text = own(layer, key) ?? text;
  });
  return text;
}

/** Keeps the text in the first layer that takes it; null removes. @param {string} key @param {string | null} text */
export function write(key, text) {
  let kept = text === null;
  each((layer) => {
    if (kept) delete layer[key];
    else layer[key] = text;
    kept = true;
  });
}

/** What is kept as an object; an empty one where there is none. @param {string} key @returns {Record<string, any>} */
export const readObject = (key) => Object(decode(read(key)));

/** @param {string} key @param {object} value */
export const writeObject = (key, value) => write(key, encode(value));

/** The keys with a prefix, sorted. @param {string} prefix */
export function keys(prefix) {
  /** @type {string[]} */
  const found = [];
  each((layer) => {
    for (const key of keysOf(layer)) if (key.startsWith(prefix)) found.push(key);
  });
  return found.sort();
}

/** A cookie's text, decoded and unquoted, or null. @param {string} name */
export function cookie(name) {
  try {
    // Throws where there is none.
    const [text] = /** @type {any} */ (`; ${core.jar.cookie}`.split(`; ${name}=`)[1]).split(';');
    return decodeURIComponent(text).replace(/^"(.*)"$/, '$1');
  } catch {
    return null;
  }
}

/** Sets a cookie for a year at the widest domain that the browser allows; null removes it at all of them. @param {string} name @param {string | null} text */
export function setCookie(name, text) {
  const value = `${name}=${encodeURIComponent(text ?? '')}; path=/; samesite=lax; max-age=${text ? 31536e3 : 0}`;
  const labels = location.hostname.split('.');
  try {
    // An IP address has no domains.
    for (let i = /\d$/.test(location.hostname) ? 0 : labels.length - 1; i--; ) {
      core.jar.cookie = `${value}; domain=${labels.slice(i).join('.')}`;
      if (text && cookie(name) === text) return;
    }
    core.jar.cookie = value;
  } catch {}
}

/**
 * A random UUID, also on plain http, where crypto.randomUUID is missing. Its digits are decimal: some hundred bits, which will
 * do, and need no arithmetic.
 */
export const uuid = () =>
  crypto
    .getRandomValues(new Uint32Array(9))
    .join('')
    .replace(/(.{8})(.{4})(.{3})(.{3})(.{12}).*/, '$1-$2-4$3-8$4-$5');

/** @param {number} ms */
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/**
 * Runs the task once, while no other tab of this site runs one. The others wait a little longer than it takes, because what
 * is written into localStorage reaches them with a delay.
 * @param {() => void} task
 */
export function exclusively(task) {
  const once = () => {
    core.guarded(task)();
    return pause(50);
  };
  try {
    navigator.locks.request('anonmsg', once).catch(once);
  } catch {
    // On plain http part `lease` knows how; where it cannot be fetched nobody waits.
    core.withPart('lease', () => (core.leased ? core.leased(once) : once()));
  }
}
