/**
 * What part `api` does for source middlewares of the page: each may change a call before it is sent, or keep it from being sent.
 *
 * @import {Call} from '../types.js'
 */

/** A value inside another by its path, e.g. `context.page.url`. @param {any} value @param {string} path */
function found(value, path) {
  let inner = value;
  for (const name of path.split('.')) inner = inner?.[name];
  return inner;
}

/** Asked for by a method of its own in the facade that a middleware gets. */
const FIELDS =
  'type event name category properties traits context integrations userId anonymousId groupId previousId messageId'.split(
    ' ',
  );

/** A call as middlewares of analytics.js get it: the call itself in `obj`, and methods that read it. @param {any} call */
export function facadeOf(call) {
  /** @type {Record<string, any>} */
  const facade = {
    obj: call,
    rawEvent: () => facade.obj,
    json: () => JSON.parse(JSON.stringify(facade.obj)),
    field: (/** @type {string} */ name) => facade.obj[name],
    proxy: (/** @type {string} */ path) => found(facade.obj, path),
    options: () => facade.obj.context,
    timestamp: () => new Date(facade.obj.timestamp),
  };
  for (const name of FIELDS) facade[name] = () => facade.obj[name];
  return facade;
}

/**
 * The call as the middlewares leave it, asked one after the other; null where one does not go on to the next, or throws: what it
 * was to take out must not get out.
 * @param {Call} made @param {((params: any) => unknown)[]} middlewares
 * @returns {Promise<Call | null>}
 */
export async function pass(made, middlewares) {
  let call = made;
  for (const middleware of middlewares) {
    let goesOn = false;
    const next = (/** @type {any} */ payload) => {
      goesOn = true;
      if (payload) call = payload.obj;
    };
    try {
      await middleware({ payload: facadeOf(call), integrations: {}, next });
    } catch {
      return null;
    }
    if (!goesOn) return null;
  }
  return call;
}
