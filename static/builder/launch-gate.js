/**
 * The review's gate: launching waits until every warning is ticked, also those that only the page finds out, by `warn`. A tick
 * is kept at once; what was ticked before stands in hidden fields until the page finds it again.
 */
const form = document.querySelector('[data-wizard]');
const list = document.querySelector('[data-checks]');
const launch = /** @type {HTMLButtonElement | null} */ (document.querySelector('[data-launch]'));
const reason = /** @type {HTMLElement | null} */ (document.querySelector('[data-reason]'));
/** Whether something else stands in the way, which ticks do not change. */
const isStopped = launch?.disabled;
/** The ticks that are on their way. @type {Promise<void>} */
let keeping = Promise.resolve();

const ticks = () => /** @type {HTMLInputElement[]} */ ([...(list?.querySelectorAll('[data-tick]') ?? [])]);

function follow() {
  if (!launch || !reason || isStopped) return;
  launch.disabled = ticks().some(({ checked }) => !checked);
  reason.textContent = launch.disabled ? `${reason.dataset.reason}` : '';
  const fine = /** @type {HTMLElement | null} */ (list?.querySelector('[data-fine]'));
  if (fine) fine.hidden = launch.disabled;
}

/** One set of ticks after the other, so that the last is the one that stays. With the launch they are all sent again. */
function keep() {
  if (!(form instanceof HTMLFormElement)) return;
  const { action } = form;
  const body = new FormData(form);
  keeping = keeping.then(() => sendTicks(action, body));
}

/** One that is not answered holds up the next no longer than this, in ms. */
const PATIENCE_MS = 10_000;

/** @param {string} action @param {FormData} body */
async function sendTicks(action, body) {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  await fetch(action, { method: 'POST', body, redirect: 'manual', keepalive: true, signal }).catch(() => {});
}

/**
 * One more thing to look at, unless it is there already.
 * @param {{key: string, text: string, href: string}} warning
 */
export function warn({ key, text, href }) {
  const template = /** @type {HTMLTemplateElement | null} */ (list?.querySelector('[data-warning]'));
  if (!template || ticks().some(({ value }) => value === key)) return;
  const copy = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
  const [link, tick] = [copy.querySelector('a'), copy.querySelector('input')];
  if (!link || !tick) return;
  const kept = list?.querySelector(`[type=hidden][value="${key}"]`)?.parentElement;
  Object.assign(link, { id: `check-${key}`, textContent: text, href });
  Object.assign(tick, { value: key, checked: Boolean(kept) });
  tick.setAttribute('aria-describedby', link.id);
  kept?.remove();
  list?.insertBefore(copy, list.querySelector('.check-advice, [data-fine]'));
  follow();
}

list?.addEventListener('change', () => {
  follow();
  keep();
});
follow();
