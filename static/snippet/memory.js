/**
 * What each visitor saw of each message, in one value of localStorage by anonymous id and message id (see storage.js for where that is blocked).
 *
 * @import {Memory} from './types.js'
 */
import { exclusively, own, readObject, writeObject } from './storage.js';

const KEY = 'anonmsg:memory';
/** How many of a browser's visitors are kept beside the one who is there. */
const OTHERS = 4;

/**
 * What a visitor did so far, by message id.
 * @param {string} visitor anonymous id
 * @returns {(messageId: string) => Memory}
 */
export function memoryOf(visitor) {
  const messages = own(readObject(KEY), visitor);
  return (messageId) => ({ views: 0, lastView: 0, ended: false, ...own(messages, messageId) });
}

/** @param {string} visitor @param {string} messageId @param {(memory: Memory) => void} change */
function remember(visitor, messageId, change) {
  const memory = memoryOf(visitor)(messageId);
  change(memory);
  const { [visitor]: messages, ...others } = readObject(KEY);
  for (const other of Object.keys(others).slice(0, -OTHERS)) delete others[other];
  writeObject(KEY, { ...others, [visitor]: { ...messages, [messageId]: memory } });
}

/** One more view. @param {string} visitor @param {string} messageId @param {number} now ms */
export const recordView = (visitor, messageId, now) =>
  remember(visitor, messageId, (memory) => {
    memory.views++;
    memory.lastView = now;
  });

/**
 * This visitor sees it no more. At once, for the page may be about to go; and again in turn, lest another tab that recorded a
 * view at this very moment has written over it.
 * @param {string} visitor @param {string} messageId
 */
export function end(visitor, messageId) {
  const ended = () =>
    remember(visitor, messageId, (memory) => {
      memory.ended = true;
    });
  ended();
  exclusively(ended);
}
