/**
 * Who the visitor is, kept as analytics.js keeps it, so that a website which changes over keeps its visitors: both ids in
 * localStorage (as JSON) and in cookies (as they are), the traits in localStorage only.
 */
import { cookie, decode, encode, own, read, setCookie, uuid, write } from './storage.js';

const ANONYMOUS = 'ajs_anonymous_id';
const USER = 'ajs_user_id';
const TRAITS = 'ajs_user_traits';

/** An id as text: older versions kept numbers, and '' counts as none. @param {any} id @returns {string | null} */
const text = (id) => (typeof id === 'number' || (id && typeof id === 'string') ? String(id) : null);

/** @param {string} key */
const stored = (key) => text(decode(read(key)));
/** @param {string} key */
const baked = (key) => text(cookie(key));

/** Keeps an id in both places, touching only what differs; null removes it. @param {string} key @param {string | null} id */
function keep(key, id) {
  if (stored(key) !== id || id === null) write(key, id === null ? null : encode(id));
  if (baked(key) !== id || id === null) setCookie(key, id);
  return id;
}

/** The visitor's random id, made when there is none. The cookie wins, since only it is shared by subdomains. */
export function anonymousId() {
  const legacy = () => text(cookie('_sio')?.split('----')[0]);
  return /** @type {string} */ (keep(ANONYMOUS, baked(ANONYMOUS) ?? stored(ANONYMOUS) ?? legacy() ?? uuid()));
}

/** @param {unknown} id null or undefined makes a new one */
export function setAnonymousId(id) {
  keep(ANONYMOUS, text(id) ?? uuid());
  return anonymousId();
}

/** The id given to identify, or null. Here localStorage wins, as in analytics.js. */
export function userId() {
  const id = stored(USER) ?? baked(USER);
  if (id) return keep(USER, id);
  const legacy = decode(cookie('ajs_user'));
  return text(own(legacy, 'id') ?? legacy);
}

/** @returns {Record<string, unknown>} */
export function traits() {
  const found = decode(read(TRAITS)) ?? own(decode(cookie('ajs_user')), 'traits');
  return found && typeof found === 'object' ? found : {};
}

/** Known by id or e-mail: such a visitor sees no anonymous message. */
export const identified = () => !!(userId() || own(traits(), 'email'));

/**
 * Takes over who the visitor says to be. Another id than before is another visitor, with a new anonymous id and none of
 * the former traits.
 * @param {string | null} id @param {object} given
 */
export function identify(id, given) {
  const before = userId();
  const same = before === null || before === id;
  write(TRAITS, encode(same ? { ...traits(), ...given } : { ...given }));
  if (!id) return;
  keep(USER, id);
  if (!same) keep(ANONYMOUS, uuid());
}

/** Forgets the visitor: the next one who asks is somebody new. */
export function reset() {
  for (const key of [USER, ANONYMOUS]) keep(key, null);
  setCookie('ajs_user', null);
  write(TRAITS, null);
}
