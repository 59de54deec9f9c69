/**
 * Who the visitor is, kept as analytics.js keeps it, so that a website which changes over keeps its visitors: both ids in
 * localStorage (as JSON) and in cookies (as they are), the traits in localStorage only.
 */
import { cookie, decode, encode, own, read, readObject, setCookie, uuid, write, writeObject } from './storage.js';

const ANONYMOUS = 'ajs_anonymous_id';
const USER = 'ajs_user_id';
const TRAITS = 'ajs_user_traits';

/** An id as text, or null: some versions kept numbers, and '' counts as none. @param {any} id @returns {string | null} */
const text = (id) => (/string|number/.test(typeof id) ? `${id}` : '') || null;

/** @param {string} key */
const stored = (key) => text(decode(read(key)));

/**
 * Keeps an id in both places, touching only what differs. The cookie first, lest tabs that open together make one each.
 * @param {string} key @param {string | null} id null removes it
 */
export function keep(key, id) {
  if (cookie(key) !== id) setCookie(key, id);
  if (stored(key) !== id) write(key, id && encode(id));
  return id;
}

/** The visitor's random id, or null where there is none yet. The cookie wins, since only it is shared by subdomains. */
export const currentId = () => text(cookie(ANONYMOUS)) ?? stored(ANONYMOUS);

/**
 * The visitor's random id, made when there is none.
 * @param {unknown} [id] changes it; null makes a new one
 */
export const anonymousId = (id = currentId()) => /** @type {string} */ (keep(ANONYMOUS, text(id) ?? uuid()));

/** The id given to identify, or null. Here localStorage wins, as in analytics.js. */
export function userId() {
  const id = stored(USER) ?? text(cookie(USER));
  return id && keep(USER, id);
}

export const traits = () => readObject(TRAITS);

/** Known by id or e-mail: such a visitor sees no anonymous message. */
export const identified = () => !!(userId() || own(traits(), 'email'));

/**
 * Takes over who the visitor says to be. Another id than before is another visitor, with a new anonymous id and none of
 * the former traits.
 * @param {string | undefined} id @param {object} [given] traits
 */
export function identify(id, given) {
  const before = userId();
  const same = !before || before === id;
  writeObject(TRAITS, { ...(same && traits()), ...given });
  if (!id) return;
  keep(USER, id);
  if (!same) keep(ANONYMOUS, uuid());
}

/** Forgets the visitor: whoever comes next is somebody new. */
export function reset() {
  keep(ANONYMOUS, null);
  keep(USER, null);
  write(TRAITS, null);
}
