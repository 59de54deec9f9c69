/**
 * Which messages stand in each other's way, and for sure or perhaps: judged by the snippet's own page rules, on the addresses that
 * visitors looked at lately, or else on addresses made of the rules.
 *
 * @import {Parts, Rule} from '../snippet/types.js'
 * @import {Visited} from './page-rules.js'
 *
 * @typedef {{id: string, name: string, position: string, where: string, page_rules: Rule[], starts_at: string | null,
 *   ends_at: string | null, always: boolean, key?: string}} Rival  the first in order stands first; key: of the warning that it
 *   leaves no room for the one that is reviewed
 * @typedef {{first: Rival, second: Rival, views: number, covers: boolean}} Meeting  views: of pages that both fit, 0 where it is
 *   not sure that there are any; covers: the first is on screen on all that were viewed of the second's, or on all
 *   that there can be, until it is closed
 */
import { pageDecision, partsOf } from '../snippet/whole.js';

const SITE = 'https://your-site.example';

/** @param {Rule[]} rules @param {Parts} parts */
const fits = (rules, parts) => !pageDecision(rules, parts).reason;

/** In hours, how much before UTC a time comes where clocks are furthest ahead on earth, and how much after it where they are last. */
const FIRST = -14;
const LAST = 12;

/** Whether it is by visitors' own clocks, that is without a zone. @param {string | null} iso */
const isLocal = (iso) => iso !== null && !/(Z|[+-]\d\d:\d\d)$/.test(iso);

/** When that time comes first or last, if it is by visitors' own clocks. @param {string | null} iso @param {number} otherwise @param {number} hours */
function time(iso, otherwise, hours) {
  if (iso === null) return otherwise;
  return isLocal(iso) ? Date.parse(`${iso}Z`) + hours * 3_600_000 : Date.parse(iso);
}

/** Whether there is a moment at which both are live. @param {Rival} one @param {Rival} other */
function overlap(one, other) {
  const times = [one.starts_at, one.ends_at, other.starts_at, other.ends_at].filter((iso) => iso !== null);
  // By one and the same clock, whichever it is, they are as far apart as they say.
  const [first, last] = times.every(isLocal) ? [0, 0] : [FIRST, LAST];
  const starts = [one, other].map(({ starts_at }) => time(starts_at, -Infinity, first));
  const ends = [one, other].map(({ ends_at }) => time(ends_at, Infinity, last));
  return Math.max(...starts) < Math.min(...ends);
}

/** Whether the first is live for everybody all the time that the second is for anybody, from now on. @param {Rival} first @param {Rival} second @param {number} now */
const spans = (first, second, now) =>
  time(first.starts_at, -Infinity, LAST) <= Math.max(now, time(second.starts_at, -Infinity, FIRST)) &&
  time(first.ends_at, Infinity, FIRST) >= time(second.ends_at, Infinity, LAST);

/** An address that a rule was most likely made for. @param {Rule} rule */
function sample({ part, match, value }) {
  if (match === 'regex') return SITE;
  const text = value.replaceAll('*', '');
  if (part === 'url') return /^https?:\/\/./i.test(text) ? text : `${SITE}/${text}`;
  if (part === 'host') return `https://${text}/`;
  if (part === 'path') return `${SITE}/${text.replace(/^\//, '')}`;
  return `${SITE}/${part === 'query' ? '?' : '#'}${text}`;
}

/** @param {string} address */
function taken(address) {
  try {
    return [partsOf(address)];
  } catch {
    return [];
  }
}

/** Whether both may fit some page, though nobody was seen on one. @param {Rival} one @param {Rival} other */
function mayMeet(one, other) {
  const including = [one, other].map(({ page_rules }) => page_rules.filter(({ effect }) => effect === 'include'));
  if (including.some((rules) => !rules.length)) return true;
  const made = including.flat().map(sample).flatMap(taken);
  return made.some((parts) => fits(one.page_rules, parts) && fits(other.page_rules, parts));
}

/** Whether the rules alone say that the first fits wherever the second does. @param {Rival} first @param {Rival} second */
const isEverywhere = (first, second) =>
  !first.page_rules.length || JSON.stringify(first.page_rules) === JSON.stringify(second.page_rules);

/** Whether the first leaves no room for the second: it takes its place, or all of the page as modals do. @param {Rival} first @param {Rival} second */
const isInTheWay = (first, second) => first.position === second.position || isModal(first);

/** @param {Rival} rival */
const isModal = ({ position }) => position === 'center';

/**
 * Every two that want the same place at the same time on the same page, as far as can be told.
 * @param {Rival[]} rivals @param {Visited | undefined} visited @param {number} now ms
 * @returns {Meeting[]}
 */
export function meetings(rivals, visited, now) {
  const seen = (visited?.addresses ?? []).flatMap(([address, views]) =>
    taken(address).map((parts) => ({ parts, views })),
  );
  const fitting = rivals.map(({ page_rules }) => new Set(seen.filter(({ parts }) => fits(page_rules, parts))));
  /** @type {Meeting[]} */
  const found = [];
  rivals.forEach((second, at) => {
    const own = fitting[at] ?? new Set();
    for (const [before, first] of rivals.slice(0, at).entries()) {
      if (!isInTheWay(first, second) || !overlap(first, second)) continue;
      const both = [...own].filter((each) => fitting[before]?.has(each));
      const views = both.reduce((sum, each) => sum + each.views, 0);
      const isAll = isEverywhere(first, second) || (views > 0 && both.length === own.size);
      const covers = isAll && first.always && spans(first, second, now);
      // A modal that does not stay may well come before something else.
      if (first.position !== second.position && !covers) continue;
      if (covers || views || mayMeet(first, second)) found.push({ first, second, views, covers });
    }
  });
  return found;
}

/** A meeting as a sentence. @param {Meeting} meeting */
export function said({ first, second, views, covers }) {
  const [one, other] = [first, second].map(({ name }) => `“${name}”`);
  const place = `the same place (${first.where})`;
  const pages = isEverywhere(first, second) ? 'all its pages' : 'all its pages that were viewed lately';
  if (covers && first.position !== second.position)
    return `Only visitors who have closed ${one} see ${other}: it is a modal that comes first on ${pages}, and beside a modal nothing shows.`;
  if (covers)
    return `Only visitors who have closed ${one} see ${other}: it comes first and takes ${place} on ${pages}.`;
  if (!views) return `${one} and ${other} may take ${place} on the same pages. ${one} would come first.`;
  const count = `${views.toLocaleString('en')} ${views === 1 ? 'page view' : 'page views'}`;
  return `${one} and ${other} take ${place} on the same pages, with ${count} in the last 7 days. ${one} comes first.`;
}
