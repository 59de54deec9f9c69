/**
 * The snippet: takes over the loader stub, keeps the promises of its methods, and shows the site's messages to the visitors
 * they are for. It never throws into the page and says nothing on its console; `analytics.anonmsg.explain()` says why.
 *
 * @import {Button, Context, How, Message} from './types.js'
 */
import { callOf, context } from './calls.js';
import { core } from './core.js';
import { eligible, partsOf } from './eligibility.js';
import * as identity from './identity.js';
import { end, memoryOf, recordView } from './memory.js';
import { open, report } from './report.js';
import { detached, encode, exclusively, own, read, uuid, write } from './storage.js';

/** Read past the document itself, where an image of that name would be found first. @type {any} */
const script = Reflect.get(Document.prototype, 'currentScript', document);
const server = new URL(script?.src || location.href).origin;

/** ms that a manifest is good for: with the ≤ 4 s that caches may add, a pause is in force within 15 s. */
const FRESH = 9000;

let siteKey = '';
let enabled = false;
/** @type {Message[]} */
let messages = [];
let loadedAt = 0;
/** Whether the page view waits to be decided until somebody looks at it. */
let waiting = false;
/** The parts: true where one is there, a promise where it was asked for. @type {Record<string, Promise<unknown> | boolean>} */
// @ts-expect-error so that no name is one of Object's
const asked = { __proto__: null };
/** The page view: its address, who made it, and what was painted in it. */
let url = '';
/** @type {Context['parts']} */
let parts;
let visitor = '';
/** @type {Set<string>} */
let painted;
/** What is on screen. @type {Map<Message['id'], {message: Message, close: (how: How) => void}>} */
const shown = new Map();

/** The same function, its failures kept from the page. @template {any[]} A @param {(...args: A) => any} work */
const guarded =
  (work) =>
  (/** @type {A} */ ...args) => {
    try {
      return work(...args);
    } catch {}
  };

/** @param {EventTarget} target @param {string} names @param {(event: any) => any} work */
function listen(target, names, work) {
  for (const name of names.split(' ')) target.addEventListener(name, guarded(work), true);
}

const visible = () => document.visibilityState === 'visible';

/** @returns {Context} */
function situation() {
  // A modal of the page, or its full screen, takes every place as ours does.
  const slots = document.querySelector(':modal') ? ['center'] : [];
  shown.forEach(({ message }) => slots.push(message.display.position));
  return {
    enabled,
    known: identity.identified() || identity.currentId() !== visitor,
    now: Date.now(),
    parts,
    memory: memoryOf(visitor),
    slots,
    undrawable(message) {
      for (const name of message.parts) if (asked[name] !== true) return name;
    },
  };
}

/** A new page view, where the address is another one or the page has come back. @param {{persisted?: boolean}} event */
function viewed({ persisted }) {
  if (!persisted && url === location.href) return;
  url = location.href;
  begin();
}

function begin() {
  parts = partsOf(url);
  visitor = identity.anonymousId();
  painted = new Set();
  review();
}

/** Decides anew about what is on screen and what is not. */
function review() {
  tidy();
  consider();
}

/** Takes away what is for somebody, some page or some time else, and what the site has withdrawn. */
function tidy() {
  if (!shown.size) return;
  const now = situation();
  // They are on screen already.
  now.slots = undefined;
  shown.forEach(({ close }, id) => {
    if (!messages.some((message) => message.id === id && eligible(message, now))) close('removed');
  });
}

/** Decides every message for this page view, once somebody looks at it and the manifest is fresh. */
function consider() {
  waiting = true;
  if (!enabled || !visible()) return;
  if (!document.body) return requestAnimationFrame(guarded(consider));
  if (Math.abs(Date.now() - loadedAt) > FRESH) return refresh();
  waiting = false;
  core.wake?.(messages);
  paint();
}

/** Whether it is this tab's turn among those of the site. */
let mine = false;

/** @param {() => unknown} task */
const inTurn = (task) =>
  exclusively(() => {
    mine = true;
    guarded(task)();
    mine = false;
  });

/** Whether tabs have to take turns for one of them, lest they exceed its limit together. @param {Message[]} messages */
function limited(messages) {
  for (const { parts } of messages) for (const name of parts ?? '') if (name === 'frequency') return true;
}

/** @param {Message} message @param {Context} now */
const due = (message, now) => !painted.has(message.id) && !shown.has(message.id) && eligible(message, now);

/**
 * Paints what may be seen; what may be seen only so often, when it is this tab's turn. All is asked again then, since another
 * tab or the visitor may have moved on.
 */
function paint() {
  /** @type {Context | undefined} */
  let now;
  waiting = !visible();
  for (const message of messages) {
    if (waiting || !due(message, (now ??= situation()))) continue;
    if (!mine && limited([message])) return inTurn(paint);
    guarded(show)(message);
    now = undefined;
  }
}

/** @param {Message} message */
function show(message) {
  if (!message.steps) return withPart('fetch', () => core.fetchSteps(message));
  painted.add(message.id);
  const { close } = core.draw(message, {
    window,
    // Once it is painted.
    onShow: () => setTimeout(guarded(tell), 0, 'Viewed', message),
    onClick: guarded((button) => clicked(message, button)),
    onClose: guarded((how, leaving) => closed(message, how, leaving)),
  });
  shown.set(message.id, { message, close });
  const view = /** @type {const} */ ([visitor, message.id, Date.now()]);
  const record = () => recordView(...view);
  mine ? record() : setTimeout(exclusively, 0, record);
}

/** @param {Message} message @param {Button} button */
function clicked(message, { id, action }) {
  tell('Clicked', message, id);
  if (action.type === 'track') send('track', action.event, action.properties);
}

/** @param {Message} message @param {How} how @param {boolean} leaving the page, where nothing more is to be painted */
function closed(message, how, leaving) {
  shown.delete(message.id);
  if (how === 'removed') return;
  if (how === 'dismissed') tell('Dismissed', message);
  if (how === 'dismissed' || message.frequency.after_click === 'end') end(visitor, message.id);
  if (!leaving) consider();
}

/** @param {string} what happened @param {Message} message @param {string} [button_id] */
function tell(what, { id, version, display: { position } }, button_id) {
  const properties = { message_id: id, version, position, button_id };
  enqueue('track', { event: `Message ${what}`, properties, anonymousId: visitor });
}

/** Fetches the manifest anew; when that fails, the one that is there is used. */
const refresh = () =>
  withPart('fetch', () => core.renew(siteKey, adopt)).then(() => {
    loadedAt = Date.now();
    core.review();
  });

/** @param {Message[]} given */
function adopt(given) {
  // A page that stays open meets messages that need what the others did not.
  for (const { parts } of given) for (const name of parts ?? '') withPart(name);
  messages = detached(given);
}

/** Fetches a part, once, and then does some work; what is thrown there stays there. @template T @param {string} name @param {() => T} [work] */
const withPart = (name, work) =>
  Promise.resolve(
    (asked[name] ||= import(`${server}/v1/snippet/${__BUILD__}/${name}.js`).then(
      (module) => {
        take(name, module.default);
        core.review();
      },
      () => {
        asked[name] = false;
      },
    )),
  ).then(guarded(/** @type {any} */ (work)));

/** @param {string} name @param {typeof __PARTS__[string]} part */
function take(name, part) {
  part(core);
  asked[name] = true;
}

/** For each message, whether it is shown, and every gate that keeps it from being shown, with the reason. */
const explain = () => withPart('explain', () => core.why(messages, shown, situation));

/** @param {string} type @param {Record<string, any>} fields @param {any} [options] */
function enqueue(type, fields, options) {
  const call = {
    type,
    messageId: uuid(),
    anonymousId: identity.anonymousId(),
    userId: identity.userId(),
    timestamp: own(options, 'timestamp') ?? new Date(),
    ...fields,
    context: { ...context(), ...own(options, 'context') },
  };
  if (asked.api) core.journal.push(['', [call, core.held]]);
  // What a middleware of the page is to see first is sent by part `api`.
  core.held || report(call);
  return call;
}

/** Sends what the page said. @param {string} type @param {any[]} args */
function send(type, ...args) {
  const [fields, options] = callOf(type, args);
  if (type === 'identify') {
    identity.identify(fields.userId, fields.traits);
    // Who is known stays so where only traits are said.
    fields.userId = identity.userId();
    fields.traits = identity.traits();
    tidy();
  }
  const event = enqueue(type, fields, options);
  core.heard?.(type, ...args);
  for (const callback of args) if (typeof callback === 'function') setTimeout(callback, 0, { event });
  return Promise.resolve({ event });
}

/** Leaves a call to part `api`, which adds what it answers. @param {string} name @param {any[]} args */
function pass(name, ...args) {
  const call = /** @type {typeof core.journal[0]} */ ([name, args]);
  core.journal.push(call);
  core.held ||= /dS/.test(name);
  const answer = withPart('api', () => call[2]);
  // Only of these the page expects no promise.
  return /^[od]/.test(name) ? window.analytics : answer;
}

/** What the page can call here. All else that the stub names is for part `api`. @type {Record<string, (...args: any[]) => any>} */
const methods = {
  reset() {
    identity.reset();
    pass('reset');
  },
  setAnonymousId: identity.anonymousId,
  user: () => ({ id: identity.userId, traits: identity.traits, anonymousId: identity.anonymousId }),
};

/** @param {string} key the site's @param {any} [options] */
function start(key, options) {
  if (siteKey || !key) return;
  siteKey = key;
  // In the options of any integration or beside them.
  enabled = /"anonymousInApp":true/.test(encode(options));
  open(server, key, enabled);
  // On the page that the visitor is on, not in the frames in it.
  enabled &&= top === window;
  if (enabled) watch();
}

/** Sees every page view from here on. */
function watch() {
  if (__ANONMSG__) {
    adopt(__ANONMSG__);
    // Going back, a browser takes scripts from its cache however old they are.
    if (performance.navigation.type !== 2) loadedAt = Date.now();
  }
  for (const name of /** @type {const} */ (['pushState', 'replaceState'])) {
    const original = history[name];
    /** @this {History} @param {[any, any]} args */
    const followed = function (...args) {
      original.apply(this, args);
      guarded(viewed)({});
    };
    // Which does nothing where the history is frozen.
    Reflect.set(history, name, followed);
  }
  listen(window, 'popstate hashchange pageshow', viewed);
  // Another tab may have identified the visitor, or closed it.
  listen(window, 'storage', tidy);
  listen(document, 'visibilitychange prerenderingchange', () => waiting && consider());
  // A modal of the page has closed, or its full screen: what waited may come.
  listen(document, 'close fullscreenchange', consider);
}

/** Puts the methods where the stub was, does what the stub was asked for, and looks at the page. */
/** @returns {unknown} */
function takeOver() {
  // The same object, since the page may have kept it.
  const analytics = window.analytics;
  if (analytics?.anonmsg || !analytics?.invoked) return;
  // Whoever previews a draft sees nothing else, and nothing is kept or sent.
  if (/anonmsg-preview=/.test(location.hash + read('anonmsg:preview'))) return withPart('preview');
  // What the visitor agreed to is known before anything is kept or sent. Calls that cannot be read may say it too.
  const said = [navigator.globalPrivacyControl, analytics._loadOptions, analytics];
  if (!core.agree && /^$|^.t|"consent"/.test(encode(said))) return withPart('consent', () => core.agree && takeOver());
  for (const [name, part] of Object.entries(__PARTS__)) if (asked[name] !== true) take(name, part);
  const calls = analytics.splice?.(0) ?? [];
  for (const name of [...analytics.methods, 'initialize', 'load', 'consent', ...Object.keys(methods)]) {
    const work = /^(identify|track|page)$/.test(name) ? send : pass;
    analytics[name] = guarded(methods[name] ?? ((...args) => work(name, ...args)));
  }
  analytics.push = guarded((/** @type {any[]} */ [name, ...args]) => analytics[name](...args));
  analytics.anonmsg = { explain };
  start(analytics._writeKey, analytics._loadOptions);
  // The turn that the page view may need is waited for while the calls are made.
  if (limited(messages)) {
    url = location.href;
    inTurn(begin);
  }
  // As in analytics.js, listeners and middlewares are for all of them.
  for (const later of [false, true])
    for (const call of calls) if (!later === /^(add|on)/.test(call[0])) analytics.push(call);
  if (enabled) viewed({});
}

Object.assign(core, {
  ...{ listen, guarded, send, enqueue, report, write, server, detached, withPart, partsOf },
  review: guarded(review),
  begins: start,
  keepId: identity.keep,
});
guarded(takeOver)();
