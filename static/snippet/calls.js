/**
 * What the page says with a tracking method, in the many forms that analytics.js takes, as a call of the Segment spec.
 */
import { own } from './storage.js';

/**
 * The arguments by kind, in their order. Nothing (null, undefined) holds the place of an object, but not before a text.
 * @param {any[]} args
 */
function sorted(args) {
  /** @type {string[]} */
  const texts = [];
  /** @type {any[]} */
  const objects = [];
  for (const arg of args) {
    if (/string|number/.test(typeof arg)) texts.push(`${arg}`);
    else if (typeof arg !== 'function' && (arg || texts[0])) objects.push(arg);
  }
  return { texts, objects };
}

/**
 * The fields of a call and the options given with it.
 * @param {string} type @param {any[]} args
 * @returns {{fields: Record<string, any>, options: any}}
 */
export function callOf(type, args) {
  const { texts, objects } = sorted(args);
  const [text, second] = texts;
  const [object, options] = objects;
  if (type === 'alias') return { fields: { userId: text, previousId: second }, options: object };
  if (type === 'page') {
    const [name, category] = second ? [second, text] : [text];
    return { fields: { name, category, properties: { ...pageContext(), name, category, ...object } }, options };
  }
  if (type === 'track') {
    if (text) return { fields: { event: text, properties: object ?? {} }, options };
    return { fields: { event: own(object, 'event'), properties: own(object, 'properties') ?? {} }, options };
  }
  return { fields: { [type === 'group' ? 'groupId' : 'userId']: text, traits: object ?? {} }, options };
}

function pageContext() {
  const { href, pathname, search } = location;
  const { referrer, title } = document;
  return { path: pathname, referrer, search, title, url: href };
}

/** Where and by what a call is made. utm_campaign is the campaign's name, the others go by what follows utm_. */
export function context() {
  /** @type {Record<string, string>} */
  const campaign = {};
  new URLSearchParams(location.search).forEach((value, key) => {
    if (key.startsWith('utm_')) campaign[key === 'utm_campaign' ? 'name' : key.slice(4)] = value;
  });
  return {
    page: pageContext(),
    userAgent: navigator.userAgent,
    locale: navigator.language,
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    campaign,
    library: { name: 'anonmsg', version: '0.1.0' },
  };
}
