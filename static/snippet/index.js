/**
 * The snippet: takes over the loader stub, keeps the promises of its methods, and shows the site's messages to visitors who
 * are for them. It never throws into the page and says nothing on its console; `analytics.anonmsg.explain()` says why.
 *
 * @import {Button, Context, Manifest, Message} from './types.js'
 */
import { CALLS, context as callContext } from './calls.js';
import { decide, eligible, nextBoundary, ordered, partsOf } from './eligibility.js';
import * as identity from './identity.js';
import * as memory from './memory.js';
import { draw, undrawable } from './render.js';
import { open, report } from './report.js';
import { decode, detached, exclusively, own, uuid } from './storage.js';

const script = document.currentScript;
/** Not what an image of that name would make of it. */
const server = script instanceof HTMLScriptElement && script.src ? new URL(script.src).origin : location.origin;

/** ms that a manifest is good for: with the ≤ 4 s that caches may add, a pause is in force within 15 s. */
const FRESH = 9000;
const LONGEST_TIMEOUT = 2 ** 31 - 1;

let siteKey = '';
let enabled = false;
/** @type {Message[]} */
let messages = [];
let loadedAt = 0;
/** @type {Promise<void> | undefined} */
let loading;
/** The page view: its address, the visitor who made it, and what was painted in it. */
let url = '';
let parts = partsOf('about:blank');
let visitor = '';
/** @type {Set<string>} */
const painted = new Set();
/** Whether the page view still waits to be decided, because nobody is looking at it. */
let waiting = false;
/** @type {Map<string, {message: Message, close: (how: 'removed') => void}>} */
const shown = new Map();
/** @type {ReturnType<typeof setTimeout>} */
let boundary;

/** The function, with its failures kept from the page. @template {any[]} A @param {(...args: A) => any} work */
const guarded =
  (work) =>
  (/** @type {A} */ ...args) => {
    try {
      return work(...args);
    } catch {}
  };

/** @returns {Context} */
function situation() {
  const slots = [];
  for (const [, { message }] of shown) slots[slots.length] = message.display.position;
  return {
    enabled,
    identified: identity.identified() || identity.anonymousId() !== visitor,
    now: Date.now(),
    parts,
    memory: (id) => memory.recall(visitor, id),
    slots,
    busy: !!document.querySelector(':modal'),
    undrawable: (message) => (message.content && !message.steps ? undefined : undrawable(message, document)),
  };
}

/** A new page view: what does not belong on it goes, and everything is decided. */
function pageView() {
  url = location.href;
  parts = partsOf(url);
  visitor = identity.anonymousId();
  painted.clear();
  tidy();
  consider();
}

const navigated = guarded(() => {
  if (location.href !== url) pageView();
});

/** Takes away what is shown to somebody, at a time or on a page that it is not for, and what the site has withdrawn. */
function tidy() {
  for (const [id, { close }] of shown) {
    let stays = false;
    for (const message of messages) if (message.id === id) stays = belongs(message);
    if (!stays) close('removed');
  }
}

/** @param {Message} message on screen: its own view and slot do not count against it */
function belongs(message) {
  for (const { gate } of decide(message, situation())) if (!/^(frequency|slot)$/.test(gate)) return false;
  return !memory.recall(visitor, message.id).ended;
}

/** Decides every message for this page view, once somebody looks at it and the manifest is fresh. */
function consider() {
  waiting = true;
  if (!enabled || document.visibilityState !== 'visible') return;
  if (!document.body) return void requestAnimationFrame(guarded(consider));
  if (Math.abs(Date.now() - loadedAt) > FRESH) return void refresh();
  waiting = false;
  const now = situation();
  let wanted = false;
  let counted = false;
  for (const message of messages) {
    if (!due(message, now)) continue;
    if (!message.steps) fetchSteps(message);
    wanted = true;
    counted ||= message.frequency.limit !== null || message.frequency.gap_seconds > 0;
  }
  if (counted) exclusively(paintAll);
  else if (wanted) paintAll();
}

/** @param {Message} message @param {Context} now */
const due = (message, now) => !painted.has(message.id) && !shown.has(message.id) && eligible(message, now);

/** Everything is asked again: another tab may have shown something, or the visitor gone elsewhere, since it was decided. */
function paintAll() {
  if (document.visibilityState !== 'visible') return void (waiting = true);
  for (const message of messages) if (message.steps && due(message, situation())) paint(message);
}

/** @param {Message} message */
function paint(message) {
  const { id } = message;
  painted.add(id);
  const { close } = draw(message, {
    window,
    onClick: guarded((button) => clicked(message, button)),
    onClose: guarded((how, button) => closed(message, how, button)),
  });
  shown.set(id, { message, close });
  memory.recordView(visitor, id, Date.now());
  tell('Viewed', message);
}

/** @param {Message} message @param {Button} button */
function clicked(message, { id, action }) {
  tell('Clicked', message, { button_id: id });
  if (action.type === 'track') send('track', [action.event, action.properties]);
}

/** @param {Message} message @param {'dismissed' | 'clicked' | 'removed'} how @param {Button} [button] */
function closed(message, how, button) {
  shown.delete(message.id);
  if (how === 'dismissed') tell('Dismissed', message);
  if (how === 'dismissed' || (how === 'clicked' && message.frequency.after_click === 'end'))
    memory.end(visitor, message.id);
  // Nothing more on a page that is about to go.
  const leaving = button?.action.type === 'open_url' && button.action.target === 'same';
  if (how !== 'removed' && !leaving) consider();
}

/** @param {string} what happened @param {Message} message @param {object} [more] */
function tell(what, { id, version, display }, more) {
  const properties = { message_id: id, version, position: display.position, ...more };
  enqueue('track', { event: `Message ${what}`, properties, anonymousId: visitor });
}

/** Takes over a manifest, and wakes when the next message starts or ends. @param {Manifest | null} manifest */
function adopt(manifest) {
  const found = detached(manifest)?.messages;
  if (!found) return;
  messages = ordered(found);
  clearTimeout(boundary);
  const next = nextBoundary(messages, Date.now()) - Date.now();
  boundary = setTimeout(guarded(wake), Math.min(next, LONGEST_TIMEOUT));
}

function wake() {
  adopt(/** @type {any} */ ({ messages }));
  tidy();
  consider();
}

/** Fetches the manifest anew; what is there is used when that fails. */
function refresh() {
  loading ??= fetchJson(`/v1/sites/${siteKey}/messages.json`, 'no-cache')
    .then(adopt)
    .catch(() => {})
    .then(
      guarded(() => {
        loading = undefined;
        loadedAt = Date.now();
        tidy();
        consider();
      }),
    );
}

/** @param {Message} message whose content is not in the manifest */
function fetchSteps(message) {
  painted.add(message.id);
  fetchJson(String(message.content), 'default')
    .then(({ steps }) => {
      message.steps = steps;
      painted.delete(message.id);
      consider();
    })
    .catch(() => {});
}

/** @param {string} path @param {RequestCache} cache */
async function fetchJson(path, cache) {
  const answer = await fetch(server + path, { cache, credentials: 'omit', signal: AbortSignal.timeout(5000) });
  return decode(await answer.text());
}

/** Why each message is not shown here and now: every gate that failed, with its reason. */
function explain() {
  const found = [];
  for (const message of messages) {
    const { id } = message;
    found[found.length] = { message: id, shown: shown.has(id), failed: decide(message, situation()) };
  }
  return found;
}

/** @param {string} type @param {Record<string, any>} fields @param {object} [options] */
function enqueue(type, fields, options) {
  const call = {
    type,
    messageId: uuid(),
    anonymousId: identity.anonymousId(),
    userId: identity.userId(),
    timestamp: own(options, 'timestamp') ?? new Date(),
    integrations: own(options, 'integrations'),
    ...fields,
    context: { ...callContext(), ...own(options, 'context') },
  };
  report(call);
  return call;
}

/** @type {Map<string, Set<Function>>} */
const listeners = new Map();

/** @param {string} name @param {any[]} args */
function emit(name, ...args) {
  for (const listener of listeners.get(name) ?? []) guarded(/** @type {any} */ (listener))(...args);
}

/** Makes a call of what the page said. @param {string} type @param {any[]} args */
function send(type, args) {
  const { fields, options } = /** @type {any} */ (CALLS[type])(args);
  if (type === 'identify') identity.identify(fields.userId, fields.traits);
  if (type === 'identify') fields.traits = identity.traits();
  const result = { event: enqueue(type, fields, options) };
  if (type === 'identify') tidy();
  emit(
    type,
    fields.event ?? fields.userId ?? fields.name ?? fields.groupId,
    fields.properties ?? fields.traits,
    options,
  );
  for (const arg of args) if (typeof arg === 'function') setTimeout(arg, 0, result);
  return Promise.resolve(result);
}

/** @param {string} event of the page's elements @param {any} elements @param {any} name @param {any} properties */
function follow(event, elements, name, properties) {
  const value = (/** @type {any} */ given, /** @type {any} */ element) =>
    typeof given === 'function' ? given(element) : given;
  for (const element of elements instanceof Element ? [elements] : (elements ?? [])) {
    element.addEventListener(
      event,
      guarded(() => void send('track', [value(name, element), value(properties, element)])),
    );
  }
  return analytics;
}

/** @type {any} */
let analytics;

/** What the page can call: all that the loader stub names, and what analytics.js has beside it. @type {Record<string, (...args: any[]) => any>} */
const methods = {
  load: start,
  initialize: () => analytics,
  debug: () => analytics,
  pageview: (path) => send('page', [{ path }]),
  trackLink: (...args) => follow('click', .../** @type {[any, any, any]} */ (args)),
  trackClick: (...args) => follow('click', .../** @type {[any, any, any]} */ (args)),
  trackForm: (...args) => follow('submit', .../** @type {[any, any, any]} */ (args)),
  trackSubmit: (...args) => follow('submit', .../** @type {[any, any, any]} */ (args)),
  addSourceMiddleware: () => Promise.resolve(analytics),
  addIntegrationMiddleware: () => Promise.resolve(analytics),
  addDestinationMiddleware: () => Promise.resolve(analytics),
  ready(callback) {
    if (callback) setTimeout(callback);
    return Promise.resolve(analytics);
  },
  on(name, callback) {
    listeners.set(name, (listeners.get(name) ?? new Set()).add(callback));
    return analytics;
  },
  once(name, callback) {
    const once = (/** @type {any[]} */ ...args) => {
      methods.off?.(name, once);
      callback(...args);
    };
    return methods.on?.(name, once);
  },
  off(name, callback) {
    listeners.get(name)?.delete(callback);
    return analytics;
  },
  reset() {
    identity.reset();
    emit('reset');
    return Promise.resolve();
  },
  setAnonymousId: identity.setAnonymousId,
  user: () => ({
    id: identity.userId,
    traits: identity.traits,
    anonymousId: (/** @type {any} */ id) => (id === undefined ? identity.anonymousId() : identity.setAnonymousId(id)),
  }),
};
for (const type of Object.keys(CALLS)) methods[type] = (...args) => send(type, args);

/** `anonymousInApp: true`, in any integration's options or beside them. @param {any} options */
function asksForMessages(options) {
  const integrations = own(options, 'integrations') ?? {};
  let asks = own(options, 'anonymousInApp') === true;
  for (const name of Object.keys(integrations)) asks ||= own(integrations[name], 'anonymousInApp') === true;
  return asks;
}

/** @param {string} key @param {any} [options] */
function start(key, options) {
  if (siteKey || !key) return analytics;
  siteKey = key;
  // Only the page that the visitor is on, not the frames in it.
  enabled = asksForMessages(options) && window.top === window;
  open(server, key);
  if (enabled) watch();
  return analytics;
}

/** Sees every page view from here on. */
function watch() {
  const [arrival] = performance.getEntriesByType('navigation');
  // Going back, a browser takes scripts from its cache however old they are.
  const cached = /** @type {any} */ (arrival)?.type === 'back_forward';
  loadedAt = __ANONMSG__ && !cached ? Date.now() : 0;
  adopt(__ANONMSG__);
  for (const name of /** @type {const} */ (['pushState', 'replaceState'])) {
    const original = history[name];
    history[name] = function (...args) {
      original.apply(this, args);
      navigated();
    };
  }
  addEventListener('popstate', navigated);
  addEventListener('hashchange', navigated);
  addEventListener(
    'pageshow',
    guarded(({ persisted }) => persisted && pageView()),
  );
  addEventListener('storage', guarded(tidy));
  document.addEventListener(
    'visibilitychange',
    guarded(() => waiting && consider()),
  );
  // A modal of the page has closed, or the full screen: what waited may come.
  document.addEventListener('close', guarded(consider), true);
  document.addEventListener('fullscreenchange', guarded(consider));
}

/** Puts the methods where the stub was, does what was asked of the stub, and looks at the page. */
function takeOver() {
  const stub = window.analytics;
  const key = own(stub, '_writeKey');
  if (own(stub, 'anonmsg') || (stub && !key && !Array.isArray(stub))) return;
  const queue = [];
  for (const call of Array.isArray(stub) ? stub : []) queue[queue.length] = call;
  // The same object, since the page may have kept it.
  analytics = Array.isArray(stub) ? stub : {};
  analytics.length = 0;
  for (const name of Object.keys(methods)) analytics[name] = guarded(/** @type {any} */ (methods[name]));
  analytics.push = (/** @type {any[]} */ [name, ...args]) => analytics[name](...args);
  analytics.initialized = true;
  analytics.anonmsg = { explain };
  window.analytics = analytics;
  start(key, own(stub, '_loadOptions'));
  for (const call of queue) guarded(analytics.push)(call);
  if (enabled) pageView();
}

guarded(takeOver)();
