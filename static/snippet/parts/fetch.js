/**
 * Part `fetch`: the messages anew, for a page that stays open, and the content that did not fit into the manifest.
 *
 * @import {Core, Lent} from '../types.js'
 */

/** ms */
const PATIENCE = 5000;

/** @param {Core & Lent} core */
export default function register(core) {
  /** @param {string} path @param {RequestCache} [cache] */
  async function fetched(path, cache) {
    const options = { cache, credentials: 'omit', signal: AbortSignal.timeout(PATIENCE) };
    const answer = await fetch(core.server + path, /** @type {RequestInit} */ (options));
    return answer.json();
  }

  /** The answer that is waited for. @type {Promise<any> | undefined} */
  let coming;
  core.messages = async (key) => {
    coming ??= fetched(`/v1/sites/${key}/messages.json`, 'no-cache').finally(() => (coming = undefined));
    return (await coming).messages;
  };
  core.steps = async (path) => (await fetched(path)).steps;
}
