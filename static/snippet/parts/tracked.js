/**
 * Part `tracked`: a message that comes once the page has tracked an event, in this visit.
 *
 * @import {Core, Lent} from '../types.js'
 */

/** How many names of events are remembered before it is known which are waited for. */
const MOST = 100;

/** @param {string} event */
const named = (event) => `tracked ${event}`;

/** @param {Core & Partial<Lent>} core */
export default function register(core) {
  /** @type {Set<string>} */
  const wanted = new Set();
  /** What this page has tracked. @type {Set<string>} */
  const heard = new Set();
  core.heard = (type, event) => {
    if (type !== 'track' || typeof event !== 'string') return;
    if (heard.size < MOST) heard.add(event);
    if (wanted.has(event)) core.visit.note(named(event));
  };
  core.tests ??= Object.create(null);
  core.tests.tracked = {
    watch({ event }) {
      wanted.add(event);
      if (heard.has(event)) core.visit.note(named(event));
    },
    met: ({ event }) => core.visit.noted(named(event)),
  };
}
