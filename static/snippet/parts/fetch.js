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
  /** @type {Set<string>} */
  const asked = new Set();
  core.fetchSteps = async (message) => {
    const { content } = message;
    if (!content || asked.has(content)) return;
    asked.add(content);
    try {
      message.steps = (await fetched(content)).steps;
      core.review();
    } catch {}
  };
}
