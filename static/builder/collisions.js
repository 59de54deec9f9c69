/**
 * Warnings of messages that stand in each other's way: above the list all of them, in the review those of the message.
 *
 * @import {Rival} from './meetings.js'
 */
import { warn } from './launch-gate.js';
import { meetings, said } from './meetings.js';
import { visited } from './page-rules.js';

/** How many are said before the rest is counted. */
const MOST = 3;

/** The one that is reviewed is never seen as long as another is not closed: to be looked at before a launch. @param {import('./meetings.js').Meeting} meeting */
function warnOf(meeting) {
  const href = document.querySelector('[data-checks]')?.getAttribute('data-order') ?? '';
  warn({ key: `${meeting.first.key}`, text: said(meeting), href });
}

/** @param {HTMLElement} place */
async function say(place) {
  /** @type {Rival[]} */
  const rivals = JSON.parse(place.dataset.rivals ?? '[]');
  const { mine } = place.dataset;
  if (rivals.length < 2) return;
  const all = meetings(rivals, await visited(), Date.now());
  all.filter(({ second, covers }) => covers && second.id === mine).forEach(warnOf);
  const found = all.filter(
    ({ first, second, covers }) => !mine || first.id === mine || (second.id === mine && !covers),
  );
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

for (const place of document.querySelectorAll('[data-rivals]')) if (place instanceof HTMLElement) say(place);
