/**
 * Part `schedule`: messages that start or end some time, also in a page that stays open. A time without a zone is by the
 * visitor's own clock, as Date.parse has it: where clocks skip it, it is as much later, where it comes twice, the earlier.
 *
 * @import {Core, Lent, Message} from '../types.js'
 */

/** ms: the longest that a timer can wait. */
const LONGEST = 2 ** 31 - 1;

/** @type {ReturnType<typeof setTimeout>} */
let boundary;

/**
 * The next moment at which some message starts or ends, in ms; Infinity when there is none.
 * @param {Message[]} messages @param {number} now
 */
export function nextBoundary(messages, now) {
  let next = Infinity;
  for (const { schedule } of messages) {
    for (const iso of [schedule?.starts_at, schedule?.ends_at]) {
      const at = Date.parse(iso ?? '');
      if (at > now && at < next) next = at;
    }
  }
  return next;
}

/** @param {Core & Partial<Lent>} core */
export default function register(core) {
  // What cannot be read does not pass: NaN fails these comparisons.
  core.gates.isOutOfSeason = ({ schedule }, { now }) => {
    if (schedule === undefined) return;
    const { starts_at, ends_at } = schedule;
    if (starts_at !== null && !(Date.parse(starts_at) <= now)) return 'early';
    return ends_at !== null && !(now < Date.parse(ends_at)) && 'over';
  };
  core.wake = (messages) => {
    const now = Date.now();
    clearTimeout(boundary);
    boundary = setTimeout(() => core.review?.(), Math.min(nextBoundary(messages, now) - now, LONGEST));
  };
}
