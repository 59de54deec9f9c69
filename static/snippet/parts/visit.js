/**
 * Part `visit`: what led to this visit, whose first it is, how many pages it has seen. A visit is what happens in one tab until it
 * is closed; kept in sessionStorage, or for as long as the page where that is blocked. Nothing in it tells who the visitor is.
 *
 * @import {Core, Lent, Test, Visit} from '../types.js'
 */

const KEY = 'anonmsg:visit';
const UTM = ['source', 'medium', 'campaign', 'term', 'content'];
/** Characters that are kept of a text, and texts that are kept of what happened. */
const LONGEST = 500;
const MOST = 100;

/** What is kept, own properties only; nothing where there is none. @param {() => any} session @returns {any} */
function kept(session) {
  try {
    return Object.assign(Object.create(null), JSON.parse(session()[KEY]));
  } catch {
    return Object.create(null);
  }
}

/** Whether the browser has an anonymous id already: asked before this page makes one. */
function isKnown() {
  try {
    return 'ajs_anonymous_id' in localStorage || /(^|; )ajs_anonymous_id=/.test(document.cookie);
  } catch {
    return /(^|; )ajs_anonymous_id=/.test(document.cookie);
  }
}

/** The address of another website's page that led to this one, without query; '' where none did. */
function led() {
  const { referrer } = document;
  return referrer && new URL(referrer).host !== location.host ? `${referrer.split(/[?#]/)[0]}`.slice(0, LONGEST) : '';
}

/** The utm parameters of this page's address, by what follows utm_; undefined where it has none. */
function tagged() {
  const parameters = new URLSearchParams(location.search);
  const found = UTM.map((name) => [name, (parameters.get(`utm_${name}`) ?? '').slice(0, LONGEST)]);
  return found.some(([, value]) => value) ? Object.fromEntries(found) : undefined;
}

/** The visit so far, and what this page adds to it. @param {() => any} session */
function begun(session) {
  const { returning = isKnown(), pages = 0, referrer = '', utm = {}, done = [] } = kept(session);
  return { returning, pages, referrer: led() || referrer, utm: tagged() ?? utm, done };
}

/** @param {Core & Partial<Lent>} core */
export default function register(core) {
  /** @type {Visit} */
  let visit = { returning: true, pages: 0, referrer: '', utm: {}, done: [] };
  /** @type {unknown} */
  let counted;
  // By the layers of the core, since part `consent` takes them in.
  const session = () => (core.layers ? core.layers[1]?.() : sessionStorage);
  const keep = () => {
    try {
      session()[KEY] = JSON.stringify(visit);
    } catch {}
  };
  // In the builder there is no visit.
  const anew = () => {
    visit = begun(session);
    keep();
  };
  if (core.listen) anew();

  /** Remembers that something happened, in so many words. @param {string} words */
  const note = (words) => {
    if (visit.done.includes(words) || visit.done.length >= MOST) return;
    visit.done.push(words);
    keep();
    // Later, for it may come up while all is being decided.
    setTimeout(() => core.review?.());
  };
  core.visit = { note, noted: (words) => visit.done.includes(words), anew };

  /** @param {string} text @param {string} match @param {string} value */
  const compares = (text, match, value) => {
    const test = core.matches[match];
    if (!test) throw match;
    return test(text.toLowerCase(), value.toLowerCase(), text, value);
  };

  /** @type {Record<string, Test>} */
  const tests = {
    referrer: {
      met({ match, value }) {
        const { referrer } = visit;
        if (!referrer || !value) return referrer === value;
        return compares(referrer, match, value) || compares(new URL(referrer).host, match, value);
      },
    },
    utm: { met: ({ parameter, match, value }) => compares(visit.utm[parameter] ?? '', match, value) },
    visitor: { met: ({ visitor }) => visitor === (visit.returning ? 'returning' : 'new') },
    pages: {
      watch() {
        if (counted === core.view) return;
        counted = core.view;
        visit.pages++;
        keep();
      },
      met: ({ pages }) => visit.pages >= pages,
    },
  };
  core.tests = Object.assign(core.tests ?? Object.create(null), tests);
}
