/**
 * What each visitor saw of each message, in one value of localStorage by anonymous id and message id (see storage.js for where that is blocked).
 *
 * @import {Memory} from './types.js'
 */
import { exclusively, own, readObject, writeObject } from './storage.js';

const KEY = 'anonmsg:memory';
/** How many of a browser's visitors are kept beside the one who is there. */
const OTHERS = 4;

/** @param {string} visitor anonymous id @param {string} messageId @returns {Memory} */
export const recall = (visitor, messageId) => ({
  views: 0,
  lastView: 0,
  ended: false,
  ...own(own(readObject(KEY), visitor), messageId),
});

/** @param {string} visitor @param {string} messageId @param {Partial<Memory>} change */
function remember(visitor, messageId, change) {
  const { [visitor]: mine, ...others } = readObject(KEY);
  const kept = Object.fromEntries(Object.entries(others).slice(-OTHERS));
  const message = { ...recall(visitor, messageId), ...change };
  writeObject(KEY, { ...kept, [visitor]: { ...mine, [messageId]: message } });
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
