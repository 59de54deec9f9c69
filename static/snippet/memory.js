/**
 * What each visitor saw of each message, in one value of localStorage (see storage.js for where that is blocked).
 *
 * @import {Memory} from './types.js'
 */
import { decode, encode, exclusively, own, read, write } from './storage.js';

const KEY = 'anonmsg:memory';
/** Kept of a browser's visitors and of a visitor's messages: the latest. */
const VISITORS = 5;
const MESSAGES = 500;

/** @returns {Record<string, Record<string, Memory>>} by anonymous id and message id, the latest last */
function all() {
  const found = decode(read(KEY));
  return found && typeof found === 'object' ? found : {};
}

/** @param {string} visitor anonymous id @param {string} messageId @returns {Memory} */
export function recall(visitor, messageId) {
  const found = own(own(all(), visitor), messageId);
  return {
    views: Number(own(found, 'views')) || 0,
    lastView: Number(own(found, 'lastView')) || 0,
    ended: !!own(found, 'ended'),
  };
}

/**
 * The entries with one put last, and the oldest dropped beyond the limit.
 * @template T
 * @param {Record<string, T>} entries @param {string} key @param {T} value @param {number} limit
 */
function latest(entries, key, value, limit) {
  delete entries[key];
  const names = Object.keys(entries);
  for (let i = 0; i <= names.length - limit; i++) delete entries[String(names[i])];
  entries[key] = value;
  return entries;
}

/** @param {string} visitor @param {string} messageId @param {Partial<Memory>} change */
function remember(visitor, messageId, change) {
  const visitors = all();
  const memory = { ...recall(visitor, messageId), ...change };
  const messages = latest(own(visitors, visitor) ?? {}, messageId, memory, MESSAGES);
  write(KEY, encode(latest(visitors, visitor, messages, VISITORS)));
}

/** One more view. @param {string} visitor @param {string} messageId @param {number} now ms */
export function recordView(visitor, messageId, now) {
  remember(visitor, messageId, { views: recall(visitor, messageId).views + 1, lastView: now });
}

/**
 * This visitor sees it no more. At once, for the page may be about to go; and once more in turn, lest a view that another
 * tab recorded at the same moment has overwritten it.
 * @param {string} visitor @param {string} messageId
 */
export function end(visitor, messageId) {
  const ended = () => remember(visitor, messageId, { ended: true });
  ended();
  exclusively(ended);
}
