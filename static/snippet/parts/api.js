/**
 * Part `api`: what few pages call, as analytics-next does it. It is fetched with the first such call; until then these calls wait
 * in the journal, and with them, in their order, those that were made meanwhile.
 *
 * @import {Call, Core, Lent} from '../types.js'
 */
import { tracksClicks, tracksSubmits } from './elements.js';
import { groupKeptBy } from './group.js';
import { pass } from './middleware.js';

/** What listeners are told of a call. @type {Record<string, (call: Call) => unknown[]>} */
const TOLD = {
  alias: ({ userId, previousId }) => [userId, previousId],
  group: ({ groupId, traits }) => [groupId, traits],
  identify: ({ userId, traits }) => [userId, traits],
  page: ({ category = null, name = null, properties }) => [category, name, properties],
  track: ({ event, properties }) => [event, properties],
};

/** @param {unknown} arg */
const isObject = (arg) => Object.prototype.toString.call(arg) === '[object Object]';
/** @param {unknown} arg */
const isText = (arg) => /string|number/.test(typeof arg);

/** @param {Core & Lent} core */
export default function register(core) {
  const { journal, guarded, send, enqueue, report } = core;
  const { analytics } = window;
  const group = groupKeptBy(core);
  /** @type {Record<string, any[]>} */
  const listeners = Object.create(null);
  /** @type {((params: any) => unknown)[]} */
  const middlewares = [];
  let debugging = false;

  /** Tells those who listen, once the page has done what it is at. @param {string} name @param {any[]} those @param {unknown[]} told */
  const tell = async (name, those, ...told) => {
    await null;
    for (const listener of those) {
      // It may have been taken off meanwhile.
      if (listeners[name]?.includes(listener)) guarded(listener.bind(analytics))(...told);
    }
  };

  /** @param {string} name */
  const listening = (name) => [...(listeners[name] ?? [])];

  /**
   * A call that was made: sends it when the middlewares have seen it, and tells the listeners.
   * @param {Call} made @param {boolean} held  it has not been sent
   */
  async function hear(made, held) {
    const { type } = made;
    const those = listening(type);
    const call = held ? await pass(made, middlewares) : made;
    if (held && call) report(call);
    if (debugging) window.console?.debug?.('anonmsg', call ?? 'dropped by a middleware', made);
    // The options have become part of it by then.
    await tell(type, those, ...(TOLD[type]?.(call ?? made) ?? []), undefined);
    return { event: call ?? made };
  }

  /** Sends a call that the core does not know, and calls back. @param {string} type @param {any} fields @param {any[]} args */
  function sendAs(type, fields, args) {
    const event = enqueue(type, fields, args.find(isObject));
    for (const callback of args) if (typeof callback === 'function') setTimeout(callback, 0, { event });
    return Promise.resolve({ event });
  }

  /** Does what it can, and promises the page its analytics. @param {(...args: any[]) => unknown} work */
  const promised =
    (work) =>
    (/** @type {any[]} */ ...args) => {
      guarded(work)(...args);
      return Promise.resolve(analytics);
    };

  /** The page's, by name. @type {Record<string, (...args: any[]) => unknown>} */
  const methods = {
    // @ts-expect-error so that a call of constructor is none of ours
    __proto__: null,
    // Later than in the tag.
    load: (key, options) => core.withPart('consent', () => core.agree?.(options?.consent) && core.begins(key, options)),
    consent: (level) => core.withPart('consent', () => core.agree?.(level)),
    trackLink: promised(tracksClicks(core)),
    trackClick: promised(tracksClicks(core)),
    trackForm: promised(tracksSubmits(core)),
    trackSubmit: promised(tracksSubmits(core)),
    pageview: promised((path) => send('page', { path })),
    ready(callback) {
      // A text given to setTimeout would be run as script.
      if (typeof callback === 'function') setTimeout(callback, 0, []);
      return Promise.resolve([]);
    },
    debug(on) {
      debugging = !!on;
      return analytics;
    },
    on(name, listener) {
      if (typeof listener === 'function') (listeners[name] ??= []).push(listener);
      return analytics;
    },
    off(name, listener) {
      listeners[name] = (listeners[name] ?? []).filter((other) => other !== listener);
      return analytics;
    },
    once(name, listener) {
      const once = (/** @type {any[]} */ ...told) => {
        methods.off?.(name, once);
        listener.apply(analytics, told);
      };
      return methods.on?.(name, once);
    },
    addSourceMiddleware: promised((middleware) => {
      core.held = true;
      if (typeof middleware === 'function') middlewares.push(middleware);
    }),
    // These are for destinations, of which there are none in the browser.
    addDestinationMiddleware: promised(() => {}),
    addIntegrationMiddleware: () => undefined,
    group(...args) {
      if (!args.length) return group;
      const [id, ...rest] = isText(args[0]) || args[0] == null ? args : [null, ...args];
      group.identify(id, isObject(rest[0]) ? rest.shift() : {});
      return sendAs('group', { groupId: group.id(), traits: group.traits() }, rest);
    },
    alias(...args) {
      const [to, from] = args.filter(isText).map(String);
      const { id, anonymousId } = analytics.user();
      return sendAs('alias', { userId: to, previousId: from ?? id() ?? anonymousId() }, args);
    },
    reset() {
      group.reset();
      tell('reset', listening('reset'));
    },
  };

  /** What came of the last call that was made. @type {Promise<unknown>} */
  let heard = Promise.resolve();

  /** @param {Lent['journal'][0]} entry */
  const take = (entry) => {
    const [name, args] = entry;
    if (name) entry[2] = guarded(methods[name] ?? (() => {}))(...args);
    else heard = hear(args[0], args[1]);
    return 0;
  };

  for (const entry of journal.splice(0)) take(entry);
  tell('initialize', listening('initialize'), { writeKey: analytics._writeKey }, analytics._loadOptions);
  journal.push = take;
  // From now on without a detour, but for `reset`, which begins in the core.
  const { reset, ...own } = methods;
  for (const name of Object.keys(own)) analytics[name] = guarded(/** @type {any} */ (own[name]));
  for (const name of ['track', 'page', 'identify']) {
    const make = analytics[name];
    analytics[name] = (/** @type {any[]} */ ...args) => make(...args) && heard;
  }
}
