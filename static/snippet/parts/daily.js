/**
 * Part `daily`: how many views of any messages of the site a visitor has at most in 24 hours. Their times are kept in localStorage,
 * or where that is blocked or full in what lasts less. Tabs take turns, so that they do not exceed it together.
 *
 * @import {Core, Lent} from '../types.js'
 */
import { around } from './around.js';

const KEY = 'anonmsg:day';
const DAY = 24 * 3600 * 1000;
/** How many times are kept: more than any limit. */
const MOST = 100;

/** The page's own memory, for where there is no other. @type {Record<string, string>} */
const memory = {};
/** From the most lasting to the least. On websites they are the core's, since part `consent` narrows those. @type {() => (() => any)[]} */
let layers = () => [() => localStorage, () => sessionStorage, () => memory];

/** When this visitor had views within the last day, by what any layer has. @param {string} visitor @param {number} now */
function times(visitor, now) {
  /** @type {Set<number>} */
  const found = new Set();
  for (const layer of layers()) {
    try {
      const kept = JSON.parse(`${layer()[KEY]}`);
      if (kept[0] === visitor) for (const at of kept.slice(1)) if (at > now - DAY && at < now + DAY) found.add(at);
    } catch {}
  }
  return [...found];
}

/** @param {string} visitor */
function note(visitor) {
  const now = Date.now();
  // With a fraction, since two views at once are two.
  const kept = [...times(visitor, now), now + Math.random()].slice(-MOST);
  for (const layer of layers()) {
    try {
      layer()[KEY] = JSON.stringify([visitor, ...kept]);
      return;
    } catch {}
  }
}

/** @param {Core & Partial<Lent>} core */
export default function register(core) {
  if (core.layers) layers = () => core.layers ?? [];
  /** The views of the last day, as of this look at all messages. @type {unknown} */
  let asked;
  let views = 0;
  const visitor = () => /** @type {any} */ (window).analytics.user().anonymousId();

  around(core, (draw) => (message, options) => {
    const drawn = draw(message, options);
    // Whom a control group keeps it from has no view less.
    if (message.daily !== undefined && !options.preview && !core.isControl?.(message)) note(visitor());
    return drawn;
  });

  // What cannot be read does not pass: NaN fails the comparison.
  core.gates.isEnough = ({ daily }, context) => {
    if (daily === undefined || !context.slots) return;
    // Once for all messages: storage takes its time.
    if (asked !== context) views = times(visitor(), context.now).length;
    asked = context;
    return !(views < daily);
  };
}
