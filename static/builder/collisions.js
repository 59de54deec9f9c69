/**
 * Warnings of messages that stand in each other's way: above the list all of them, in the review those of the message.
 *
 * @import {Rival} from './meetings.js'
 */
import { meetings, said } from './meetings.js';
import { visited } from './page-rules.js';

/** How many are said before the rest is counted. */
const MOST = 3;

/** @param {HTMLElement} place */
async function warn(place) {
  /** @type {Rival[]} */
  const rivals = JSON.parse(place.dataset.rivals ?? '[]');
  const { mine } = place.dataset;
  if (rivals.length < 2) return;
  const all = meetings(rivals, await visited(), Date.now());
  const found = all.filter(({ first, second }) => !mine || first.id === mine || second.id === mine);
  const lines = found.slice(0, MOST).map(said);
  if (found.length > MOST) lines.push(`And ${found.length - MOST} more of this kind.`);
  const line = place.querySelector('template');
  for (const text of lines) {
    const copy = /** @type {DocumentFragment} */ (line?.content.cloneNode(true));
    const words = copy.querySelector('[data-said]');
    if (words) words.textContent = text;
    place.append(copy);
  }
  place.hidden = !lines.length;
}

for (const place of document.querySelectorAll('[data-rivals]')) if (place instanceof HTMLElement) warn(place);
