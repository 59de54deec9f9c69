/**
 * What each visitor saw of each message, in one value of localStorage (see storage.js for where that is blocked).
 *
 * @import {Memory} from './types.js'
 */
import { decode, encode, exclusively, own, read, write } from './storage.js';

const KEY = 'anonmsg:memory';
/** How many of a browser's visitors, and of a visitor's messages, are kept: the latest. */
const VISITORS = 5;
const MESSAGES = 500;

/** By anonymous id and message id, the latest last. @returns {Record<string, Record<string, Memory>>} */
const all = () => Object(decode(read(KEY)));

/** @param {string} visitor anonymous id @param {string} messageId @returns {Memory} */
export const recall = (visitor, messageId) => ({
  views: 0,
  lastView: 0,
  ended: false,
  ...own(own(all(), visitor), messageId),
});

/** Puts an entry last, and drops the oldest beyond the limit. @param {any} entries @param {string} key @param {object} value @param {number} limit */
function put(entries, key, value, limit) {
  delete entries[key];
  entries[key] = value;
  const names = Object.keys(entries);
  for (let i = 0; i < names.length - limit; i++) delete entries[String(names[i])];
  return entries;
}

/** @param {string} visitor @param {string} messageId @param {Partial<Memory>} change */
function remember(visitor, messageId, change) {
  const visitors = all();
  const messages = put(own(visitors, visitor) ?? {}, messageId, { ...recall(visitor, messageId), ...change }, MESSAGES);
  write(KEY, encode(put(visitors, visitor, messages, VISITORS)));
}

/** One more view. @param {string} visitor @param {string} messageId @param {number} now ms */
export const recordView = (visitor, messageId, now) =>
  remember(visitor, messageId, { views: recall(visitor, messageId).views + 1, lastView: now });

/**
 * This visitor sees it no more. At once, for the page may be about to go; and again in turn, lest another tab that recorded a
 * view at this very moment has written over it.
 * @param {string} visitor @param {string} messageId
 */
export function end(visitor, messageId) {
  const ended = () => remember(visitor, messageId, { ended: true });
  ended();
  exclusively(ended);
}
