/**
 * “Try an address”: each pasted address gets a verdict and the rule that decided, from the very module that decides on
 * websites (static/snippet/eligibility.js).
 *
 * @import {Rule} from '../snippet/types.js'
 */
import { pageDecision, partsOf } from '../snippet/whole.js';

const MOST = 20;
const tester = document.querySelector('[data-address-tester]');
const list = document.querySelector('[data-list="page_rules"]');

/** @param {Element} entry @returns {Rule} */
function ruleOf(entry) {
  const [effect, part, match] = [...entry.querySelectorAll('select')].map(({ value }) => value);
  const value = entry.querySelector('input')?.value.trim() ?? '';
  return /** @type {Rule} */ ({ effect, part, match, value });
}

/** An address as people paste it. @param {string} text */
const whole = (text) =>
  /^[a-z][a-z0-9+.-]*:/i.test(text)
    ? text
    : text.startsWith('/')
      ? `https://your-site.example${text}`
      : `https://${text}`;

/** @param {Rule[]} rules @param {string} address */
function verdict(rules, address) {
  try {
    // A rule that is still being typed decides nothing.
    const decision = pageDecision(
      rules.filter(({ value }) => value),
      partsOf(whole(address)),
    );
    return { matches: !decision.reason, why: why(decision, rules) };
  } catch {
    return { matches: false, why: 'This is no address.' };
  }
}

/** @param {ReturnType<typeof pageDecision>} decision @param {Rule[]} rules */
function why({ rule, reason }, rules) {
  const number = rule ? rules.indexOf(rule) + 1 : 0;
  if (!reason && !rules.length) return 'Shown: there are no rules.';
  if (!reason) return number ? `Shown, because of rule ${number}.` : 'Shown: no rule keeps it away.';
  if (!number) return 'Not shown: no rule fits.';
  return reason === 'excluded'
    ? `Not shown, because of rule ${number}.`
    : `Not shown: rule ${number} cannot be understood.`;
}

/** @param {string} address @param {{matches: boolean, why: string}} verdict */
function line(address, { matches, why }) {
  const item = document.createElement('li');
  const [mark, text, reason] = ['span', 'code', 'span'].map((tag) => document.createElement(tag));
  if (!mark || !text || !reason) return item;
  item.className = matches ? 'verdict-yes' : 'verdict-no';
  mark.textContent = matches ? '✓' : '✕';
  mark.className = 'verdict-mark';
  mark.setAttribute('aria-hidden', 'true');
  text.textContent = address;
  reason.textContent = why;
  reason.className = 'quiet';
  item.append(mark, text, ' ', reason);
  return item;
}

function judge() {
  const rules = [...(list?.querySelectorAll('[data-entry]') ?? [])].map(ruleOf);
  const typed = tester?.querySelector('textarea')?.value ?? '';
  const addresses = typed
    .split('\n')
    .map((text) => text.trim())
    .filter(Boolean)
    .slice(0, MOST);
  tester
    ?.querySelector('[data-verdicts]')
    ?.replaceChildren(...addresses.map((address) => line(address, verdict(rules, address))));
}

if (tester && list) {
  const form = tester.closest('form');
  form?.addEventListener('input', judge);
  form?.addEventListener('change', judge);
  judge();
}
