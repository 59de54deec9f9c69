/**
 * The page rules that stand in the form, also while they are typed, and how often visitors looked at which address lately
 * (anonmsg/addresses.py). What they come to is judged by the snippet's own module.
 *
 * @import {Rule} from '../snippet/types.js'
 *
 * @typedef {{addresses: [address: string, views: number][], views: number, whole: boolean}} Visited
 * @typedef {{rule: Rule, words: string}} TypedRule
 */
import { pageDecision, partsOf } from '../snippet/whole.js';

/** @param {Element} entry @returns {TypedRule} */
function typed(entry) {
  const selects = [...entry.querySelectorAll('select')];
  const [effect, part, match] = selects.map(({ value }) => value);
  const [, ...words] = selects.map(({ selectedOptions }) => selectedOptions[0]?.text.replace(' (*)', ''));
  const value = entry.querySelector('input')?.value.trim() ?? '';
  return { rule: /** @type {Rule} */ ({ effect, part, match, value }), words: `${words.join(' ')} “${value}”` };
}

/** The rules in their order, those without a value too. @returns {TypedRule[]} */
export const typedRules = () => [...document.querySelectorAll('[data-list="page_rules"] > [data-entry]')].map(typed);

/** What the rules decide about an address. A rule that is still being typed decides nothing. Throws TypeError for what is no address. @param {Rule[]} rules @param {string} address */
export const decision = (rules, address) =>
  pageDecision(
    rules.filter(({ value }) => value),
    partsOf(address),
  );

/** @type {Promise<Visited | undefined> | undefined} */
let asked;

/** What the site's visitors looked at; undefined where it cannot be had. */
export function visited() {
  const url = document.querySelector('[data-visited]')?.getAttribute('data-visited');
  asked ??= url
    ? fetch(url)
        .then((response) => (response.ok ? response.json() : undefined))
        .catch(() => undefined)
    : Promise.resolve(undefined);
  return asked;
}
