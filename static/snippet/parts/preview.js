/**
 * Part `preview`: a draft on the page it is meant for, for whoever came by a preview link, which carries a token. It takes the
 * place of all else: the loader stub is left as it is, so no call is sent and no other message shown, and nothing is kept but the
 * token, in the tab's own storage, so that the preview stays while the tab goes from page to page.
 *
 * @import {Core, Lent, Message} from '../types.js'
 */
import { Bar } from './preview-bar.js';
import { Draft } from './preview-draft.js';

const KEY = 'anonmsg:preview';
/** The token, and when it is pretended to be. */
const TOKEN = /anonmsg-preview=([\w.-]*)(?: (\d+))?/;
/** ms: how long the draft is waited for, and between two looks whether the page has named its site. */
const PATIENCE = 10_000;
const LOOK = 100;

/** Why there is nothing to see, by the status of the answer. @type {Record<number, string>} */
const REFUSED = {
  410: 'This preview link does not work any more. Make a new one in the builder.',
  429: 'This draft was asked for too often. Wait a minute, then load the page again.',
};
const UNREACHABLE = 'The draft cannot be fetched just now. Load the page again in a moment.';

/** What the tab keeps. */
function kept() {
  try {
    return `${sessionStorage[KEY] ?? ''}`;
  } catch {
    return '';
  }
}

/** Where it may not be kept, the preview is of this page only. @param {string} text '' removes it */
function keep(text) {
  try {
    if (text) sessionStorage[KEY] = text;
    else delete sessionStorage[KEY];
  } catch {}
}

/** Takes the token out of the address, past whatever the page put around the history: this is no page view. */
function tidyAddress() {
  const { href } = location;
  if (!TOKEN.test(href)) return;
  History.prototype.replaceState.call(history, history.state, '', href.slice(0, href.indexOf('#')));
}

/**
 * The draft, or the status of another answer.
 * @param {string} server @param {string} site @param {string} token @returns {Promise<{message?: Message, status: number}>}
 */
async function fetched(server, site, token) {
  const answer = await fetch(`${server}/v1/preview`, {
    method: 'POST',
    body: JSON.stringify({ site, token }),
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
    signal: AbortSignal.timeout(PATIENCE),
  });
  return { ...(answer.ok && (await answer.json())), status: answer.status };
}

function giveUp() {
  keep('');
  // Where neither storage nor the address could be changed, it would come up again and again.
  if (!TOKEN.test(kept() + location.href)) location.reload();
}

/** @param {Core & Lent} core */
export default function register(core) {
  const analytics = /** @type {any} */ (window).analytics;
  // Only on the page itself, and once, however often it holds the script.
  if (window.top !== window || analytics.anonmsg) return;
  analytics.anonmsg = { explain: async () => [] };
  const [, token = '', at] = TOKEN.exec(location.hash) ?? TOKEN.exec(kept()) ?? [];
  const remember = (/** @type {number | undefined} */ moment) =>
    keep(`anonmsg-preview=${token}${moment === undefined ? '' : ` ${moment}`}`);
  remember(at ? Number(at) : undefined);
  tidyAddress();

  const bar = new Bar();
  const leave = () => {
    keep('');
    bar.remove();
  };
  begin().catch(() => bar.refuse(UNREACHABLE, leave));

  async function begin() {
    // Some pages load the script long before they call `load`.
    while (!analytics._writeKey) await new Promise((done) => setTimeout(done, LOOK));
    const { message, status } = await fetched(core.server, analytics._writeKey, token);
    if (message) return new Draft(core, bar, message, { remember, leave }).begin(at ? Number(at) : undefined);
    // Nobody's link: the page goes on as if it had been opened without.
    if (status === 404) return giveUp();
    if (status === 410) keep('');
    bar.refuse(REFUSED[status] ?? UNREACHABLE, leave);
  }
}
