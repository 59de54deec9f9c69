/**
 * The tracking methods' arguments, in the many forms that analytics.js takes, as the fields of a call.
 */
import { own } from './storage.js';

const VERSION = '0.1.0';

/** @typedef {{type: string, fields: Record<string, any>, options: object}} Call */

/** @param {any} value */
const isObject = (value) => !!value && typeof value === 'object';
/** @param {any} value @returns {any} */
const object = (value) => (isObject(value) ? value : {});
/** @param {any} value */
const id = (value) => (typeof value === 'number' || (value && typeof value === 'string') ? String(value) : null);

/** `(id?, traits?, options?)`: without an id, the traits may stand first. @param {any[]} args */
function named(args) {
  const at = isObject(args[0]) ? 0 : 1;
  return { id: id(args[0]), traits: object(args[at]), options: object(args[at + 1]) };
}

/** @type {Record<string, (args: any[]) => Call>} */
export const CALLS = {
  /** `(event, properties?, options?)` or `({event, properties}, options?)` */
  track(args) {
    const [first, second, third] = args;
    const [event, properties, options] = isObject(first)
      ? [own(first, 'event'), own(first, 'properties'), second]
      : args;
    return {
      type: 'track',
      fields: { event: String(event), properties: object(properties) },
      options: object(options ?? third),
    };
  },

  /** `(category?, name?, properties?, options?)`: a single string is the name. */
  page(args) {
    const texts = [];
    const objects = [];
    for (const arg of args) {
      if (typeof arg === 'string') texts[texts.length] = arg;
      else if (isObject(arg)) objects[objects.length] = arg;
    }
    const [category, name] = texts.length > 1 ? texts : [undefined, texts[0]];
    const properties = { ...pageContext(), ...objects[0], ...(name && { name }), ...(category && { category }) };
    return { type: 'page', fields: { name, category, properties }, options: object(objects[1]) };
  },

  identify(args) {
    const { id: userId, traits, options } = named(args);
    return { type: 'identify', fields: { ...(userId && { userId }), traits }, options };
  },

  group(args) {
    const { id: groupId, traits, options } = named(args);
    return { type: 'group', fields: { groupId, traits }, options };
  },

  /** `(to, from?, options?)` */
  alias([to, from, options]) {
    return { type: 'alias', fields: { userId: id(to), previousId: id(from) }, options: object(options) };
  },
};

function pageContext() {
  const { href, pathname, search } = location;
  return { path: pathname, referrer: document.referrer, search, title: document.title, url: href };
}

/** The parameters `utm_…` of the address by their last part; utm_campaign is the campaign's name. */
function campaign() {
  /** @type {Record<string, string>} */
  const found = {};
  new URLSearchParams(location.search).forEach((value, key) => {
    if (/^utm_./.test(key)) found[key === 'utm_campaign' ? 'name' : key.slice(4)] = value;
  });
  return found;
}

/** Where and by what a call is made, as the Segment spec has it. */
export function context() {
  return {
    page: pageContext(),
    userAgent: navigator.userAgent,
    locale: navigator.language,
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    campaign: campaign(),
    library: { name: 'anonmsg', version: VERSION },
  };
}
