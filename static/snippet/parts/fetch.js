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
    return core.detached(await answer.json());
  }

  /** The answer that is waited for. @type {Promise<any> | undefined} */
  let coming;
  core.renew = async (key, adopt) => {
    coming ??= fetched(`/v1/sites/${key}/messages.json`, 'no-cache').finally(() => (coming = undefined));
    try {
      adopt((await coming).messages);
    } catch {}
  };
  /** What came, or is waited for, by its path: a manifest that comes anew names the same content again. @type {Map<string, Promise<any>>} */
  const contents = new Map();
  core.fetchSteps = async (message) => {
    const { content } = message;
    if (!content) return;
    if (!contents.has(content)) contents.set(content, fetched(content));
    try {
      message.steps = (await contents.get(content)).steps;
    } catch {}
    // What did not come is asked for again by the next look, not by one that this would bring about.
    if (message.steps) core.review();
    else contents.delete(content);
  };
}
