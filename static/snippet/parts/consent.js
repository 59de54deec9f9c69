/**
 * Part `consent`: keeps and sends no more than the visitor agreed to. It is fetched where the page names a level, and where the
 * browser says with Global Privacy Control that the visitor wants none of this. What a level does not allow is not written
 * anywhere but into the page's own memory, calls not even there, so that they are never sent.
 *
 * @import {Core, Lent, Level} from '../types.js'
 */

/** What each level lets be kept in the browser, by name. The least first. @type {Record<Level, RegExp>} */
const KEEPS = {
  none: /^$/,
  functional: /^(ajs_anonymous_id|anonmsg:(memory|visit|day))$/,
  full: /^/,
};
/** What we and analytics.js keep. */
const OURS = /^(ajs_(anonymous_id|user_id|user_traits|group_id|group_properties)$|anonmsg[:_])/;
/** Calls that wait to be sent, and until when. */
const CALLS = /^anonmsg:(call|pending)/;
/** Tells the other tabs of a withdrawal, by the event of its writing alone: it is gone at once. */
const WITHDRAWN = 'anonmsg:withdrawn';

/** @param {unknown} said @returns {Level} */
const levelOf = (said) => (said === 'full' || said === 'functional' ? said : 'none');

/** Whether the first is the lower one. @param {Level} one @param {Level} other */
function isLess(one, other) {
  const levels = Object.keys(KEEPS);
  return levels.indexOf(one) < levels.indexOf(other);
}

/** What the page has said before the snippet came: the last call in its queue, which is taken out, or its options. @param {any} analytics */
function saidBy(analytics) {
  let said = analytics?._loadOptions?.consent;
  for (let at = 0; at < analytics?.length; at++) {
    if (analytics[at][0] !== 'consent') continue;
    said = analytics.splice(at--, 1)[0][1];
  }
  return said ?? /** @type {any} */ (navigator.globalPrivacyControl ? 'functional' : 'full');
}

/** A storage that refuses what may not be kept, and hides it. @param {any} storage @param {(key: any) => boolean} may */
const filtered = (storage, may) =>
  new Proxy(storage, {
    set: (target, key, value) => may(key) && Reflect.set(target, key, value),
    ownKeys: (target) => Reflect.ownKeys(target).filter(may),
  });

/** Removes a cookie from every domain that it can have been set for. @param {string} name */
function removeCookie(name) {
  const labels = location.hostname.split('.');
  const gone = `${name}=; path=/; max-age=0`;
  document.cookie = gone;
  for (let at = 0; at < labels.length; at++) document.cookie = `${gone}; domain=${labels.slice(at).join('.')}`;
}

/** What was kept goes, but for what may be kept. @param {Lent['layers']} layers @param {RegExp} keeps */
function forget(layers, keeps) {
  const goes = (/** @type {string} */ name) => OURS.test(name) && !keeps.test(name);
  for (const layer of layers) {
    try {
      const storage = layer();
      for (const key of Object.keys(storage)) if (goes(key)) delete storage[key];
    } catch {}
  }
  try {
    for (const [name = ''] of document.cookie.split('; ').map((cookie) => cookie.split('=')))
      if (goes(name)) removeCookie(name);
  } catch {}
}

/** @param {Core & Lent} core */
export default function register(core) {
  const { layers, jar, listen } = core;
  const lasting = layers.slice(0, -1);
  /** The page's own. @type {any} */
  const memory = layers.at(-1)?.();
  /** @type {Level} */
  let level = 'full';
  /** Whether the visitor has withdrawn in another tab, and this page has said nothing since. */
  let overruled = false;

  /** Carries what is kept over into the page's memory, or back. @param {RegExp} keeps */
  function move(keeps) {
    for (const layer of lasting) {
      try {
        const storage = layer();
        for (const key of Object.keys(storage)) {
          if (OURS.test(key) && !keeps.test(key) && !CALLS.test(key)) memory[key] ??= storage[key];
        }
      } catch {}
    }
  }

  /** @param {Level} wanted */
  function restrict(wanted) {
    const keeps = KEEPS[wanted];
    const may = (/** @type {any} */ key) => keeps.test(key);
    core.layers = [
      ...lasting.map((layer) => () => filtered(layer(), may)),
      () => filtered(memory, (key) => !CALLS.test(key)),
    ];
    core.jar = {
      get cookie() {
        return wanted === 'none' ? '' : document.cookie;
      },
      set cookie(text) {
        if (may(text.split('=')[0])) jar.cookie = text;
      },
    };
  }

  /** What the page's memory alone held goes where it may be kept now. */
  function relax() {
    if (level === 'full') Object.assign(core, { layers, jar });
    for (const key of Object.keys(memory)) if (KEEPS[level].test(key)) core.write(key, memory[key]);
    // The cookie, which tabs and subdomains share, comes with who asks for the id.
    if (KEEPS[level].test('ajs_anonymous_id')) /** @type {any} */ (window).analytics?.user?.().anonymousId();
  }

  /** Puts a level in force. @param {Level} wanted */
  function put(wanted) {
    // Calls that were just made are under the level that was in force.
    core.settle?.();
    move(KEEPS[wanted]);
    level = wanted;
    if (level !== 'full') restrict(level);
    forget(lasting, KEEPS[level]);
    relax();
    core.review();
  }

  function tellTabs() {
    try {
      const storage = lasting[0]?.();
      storage[WITHDRAWN] = level;
      delete storage[WITHDRAWN];
    } catch {}
  }

  core.agree = (said) => {
    // Asked, not told: what another tab may keep stays.
    if (said == null) return level;
    const before = level;
    overruled = false;
    put(levelOf(said));
    if (isLess(level, before)) tellTabs();
    return level;
  };

  // Who withdraws there does so here; who agrees there has not agreed here. This page's own memory forgets too, and with it who is
  // there: it shows no more before it is known again what may be shown to whom.
  listen(window, 'storage', ({ key, newValue }) => {
    if (key !== WITHDRAWN || !newValue || !isLess(levelOf(newValue), level)) return;
    overruled = true;
    forget(layers, KEEPS[levelOf(newValue)]);
    put(levelOf(newValue));
  });

  // A message that asks for answers or an address would have to send them.
  core.gates.isUnagreed = ({ parts }) => overruled || (level !== 'full' && parts.includes('form'));

  const first = levelOf(saidBy(window.analytics));
  forget(lasting, KEEPS[first]);
  put(first);
}
