/**
 * How many of the last days' page views the page rules match: of the form as it is typed, or of a message as it is. Counted
 * here, by the very module that decides on websites.
 *
 * @import {Visited} from './page-rules.js'
 * @import {Rule} from '../snippet/types.js'
 */
import { decision, typedRules, visited } from './page-rules.js';

const place = /** @type {HTMLElement | null} */ (document.querySelector('[data-forecast]'));
const QUIET_MS = 200;
let waiting = 0;

/** @param {Rule[]} rules @param {string} address */
function matches(rules, address) {
  try {
    return !decision(rules, address).reason;
  } catch {
    return false;
  }
}

/** @param {number} count @param {number} of */
const share = (count, of) => `${count && count < of / 100 ? 'less than 1' : Math.round((100 * count) / of)} %`;

/** @param {Visited} visited @param {Rule[]} rules */
function said({ addresses, views, whole }, rules) {
  if (!views) return 'No page views came in during the last 7 days, so there is nothing to forecast from yet.';
  let looked = 0;
  let fitting = 0;
  for (const [address, count] of addresses) {
    looked += count;
    if (matches(rules, address)) fitting += count;
  }
  const which = `the ${whole ? '' : 'newest '}${looked.toLocaleString('en')} page view${looked === 1 ? '' : 's'}`;
  const left =
    looked < views
      ? ` That leaves out ${share(views - looked, views)}, on addresses seen too seldom to be listed.`
      : '';
  return `Of ${which} in the last 7 days, ${fitting.toLocaleString('en')} (${share(fitting, looked)}) ${fitting === 1 ? 'was' : 'were'} on pages that match.${left}`;
}

/** @param {HTMLElement} place */
async function tell(place) {
  const found = await visited();
  if (!found) return;
  const given = place.dataset.forecast;
  place.textContent = said(found, given ? JSON.parse(given) : typedRules().map(({ rule }) => rule));
  const around = place.closest('[hidden]');
  if (around instanceof HTMLElement) around.hidden = false;
}

if (place) {
  const follow = () => {
    clearTimeout(waiting);
    waiting = setTimeout(tell, QUIET_MS, place);
  };
  tell(place);
  place.closest('form')?.addEventListener('input', follow);
  place.closest('form')?.addEventListener('change', follow);
}
