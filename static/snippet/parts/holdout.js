/**
 * Part `holdout`: a share of the visitors, the control group, never sees the message, so that it can be told what it changes. Where
 * one of them would have seen it, that is recorded instead, and remembered like a view, so that both groups stay alike.
 *
 * @import {Core, Lent, Message} from '../types.js'
 */
import { around } from './around.js';

/** FNV-1a of 32 bits over UTF-8. @param {string} text */
export function hash(text) {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}

/** Whether a visitor is in a message's control group. What cannot be read keeps it away: NaN fails the comparison. @param {string} visitor @param {Message} message */
export const isControl = (visitor, { id, holdout }) =>
  holdout !== undefined && !(hash(`${visitor}:${id}`) % 100 >= holdout);

/** @param {Core & Partial<Lent>} core */
export default function register(core) {
  core.isControl = (message) =>
    message.holdout !== undefined && isControl(/** @type {any} */ (window).analytics.user().anonymousId(), message);

  // It is no gate: when all others are passed, it would be drawn.
  around(core, (draw) => (message, options) => {
    if (options.preview || !core.isControl?.(message)) return draw(message, options);
    core.send?.('track', 'Message Held Out', { message_id: message.id, version: message.version });
    const close = () => options.onClose?.('removed', false);
    // It takes no place: those that it would have kept away come next.
    setTimeout(() => {
      close();
      core.review?.();
    });
    return { host: document.body, go() {}, close };
  });
}
