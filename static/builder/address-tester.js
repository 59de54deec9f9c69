/**
 * “Try an address”: each pasted address gets a verdict and the rule that decided, from the very module that decides on
 * websites (static/snippet/eligibility.js).
 *
 * @import {TypedRule} from './page-rules.js'
 */
import { decision, typedRules, visited } from './page-rules.js';

const MOST = 20;
const tester = document.querySelector('[data-address-tester]');
/** The website, where visitors have shown which one it is: a path is a path of it. */
let site = 'https://your-site.example';

/** An address as people paste it. @param {string} text */
function whole(text) {
  if (/^[a-z][a-z0-9+.-]*:/i.test(text)) return text;
  return /^[/?#]/.test(text) ? new URL(text, site).href : `https://${text}`;
}

/** @param {TypedRule[]} typed @param {string} address */
function verdict(typed, address) {
  try {
    const decided = decision(
      typed.map(({ rule }) => rule),
      whole(address),
    );
    return { matches: !decided.reason, why: why(decided, typed) };
  } catch {
    return { matches: false, why: 'This is no address.' };
  }
}

/** @param {ReturnType<typeof decision>} decided @param {TypedRule[]} typed */
function why({ rule, reason }, typed) {
  const at = typed.findIndex((each) => each.rule === rule);
  const named = `rule ${at + 1}: ${typed[at]?.words}.`;
  if (!reason && !typed.length) return 'Shown: there are no rules.';
  if (!reason) return rule ? `Shown, because of ${named}` : 'Shown: no rule keeps it away.';
  if (!rule) return 'Not shown: no rule fits.';
  return reason === 'excluded' ? `Not shown, because of ${named}` : `Not shown, because nobody understands ${named}`;
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
  const rules = typedRules();
  const typed = tester?.querySelector('textarea')?.value ?? '';
  const addresses = typed.split('\n').map((text) => text.trim());
  const tried = addresses.filter(Boolean);
  const lines = tried.slice(0, MOST).map((address) => line(address, verdict(rules, address)));
  if (tried.length > MOST) {
    const more = document.createElement('li');
    more.textContent = `Only the first ${MOST} addresses are tried.`;
    lines.push(more);
  }
  tester?.querySelector('[data-verdicts]')?.replaceChildren(...lines);
}

if (tester) {
  const form = tester.closest('form');
  form?.addEventListener('input', judge);
  form?.addEventListener('change', judge);
  judge();
  visited().then((found) => {
    const [most] = found?.addresses[0] ?? [];
    if (!most) return;
    site = new URL(most).origin;
    judge();
  });
}
