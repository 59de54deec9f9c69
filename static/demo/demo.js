/**
 * The demo website's own script. It uses the install tag as any website would: identify when somebody signs up, reset to
 * start over, track for what is worth knowing; and it changes the address without loading, as single-page apps do.
 */

/**
 * @typedef {object} Analytics what of analytics.js the shop uses; the install tag queues it until it is loaded
 * @property {(id: string, traits: Record<string, string>) => unknown} identify
 * @property {(event: string, properties: Record<string, string>) => unknown} track
 * @property {() => unknown} reset
 */

/** @returns {Analytics | undefined} nothing while the shop carries no install tag */
const analytics = () => /** @type {any} */ (window).analytics;

/** @param {string} selector */
const all = (selector) => /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(selector));

/** @returns {string | null} the e-mail of whoever signed up here, as analytics.js keeps it */
function email() {
  try {
    return JSON.parse(localStorage.getItem('ajs_user_traits') ?? 'null')?.email ?? null;
  } catch {
    return null;
  }
}

function showWho() {
  const known = email();
  for (const place of all('[data-who]')) place.textContent = known ?? 'somebody new';
  for (const part of all('[data-when]')) part.hidden = part.dataset.when !== (known ? 'identified' : 'anonymous');
}

/**
 * Whatever a website knows its people by; this shop makes it from the e-mail, so that signing up again is the same person.
 * @param {string} address
 */
const userId = (address) => `customer-${address.trim().toLowerCase()}`;

/** @param {SubmitEvent} event */
async function signUp(event) {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.target);
  const address = String(new FormData(form).get('email'));
  await analytics()?.identify(userId(address), { email: address });
  showWho();
}

function startOver() {
  analytics()?.reset();
  localStorage.clear();
  sessionStorage.clear();
  for (const name of ['ajs_anonymous_id', 'ajs_user_id']) document.cookie = `${name}=; path=/; max-age=0`;
  location.assign(all('.logo')[0]?.getAttribute('href') ?? '/demo/');
}

/** @param {string} kind '' shows everything */
function showKind(kind) {
  const shelf = all('[data-shelf]')[0];
  const title = all('[data-shop-title]')[0];
  if (!shelf || !title) return;
  shelf.dataset.shelf = kind;
  for (const link of all('[data-show]')) {
    if (link.dataset.show !== kind) link.removeAttribute('aria-current');
    else link.setAttribute('aria-current', 'page');
  }
  title.textContent = kind
    ? (document.querySelector(`[data-show="${kind}"]`)?.textContent ?? '')
    : (title.dataset.all ?? '');
}

/** @param {MouseEvent} event */
function followKind(event) {
  const link = event.target instanceof Element ? event.target.closest('a[data-show]') : null;
  if (!(link instanceof HTMLAnchorElement) || event.metaKey || event.ctrlKey) return;
  event.preventDefault();
  history.pushState(null, '', link.href);
  showKind(link.dataset.show ?? '');
}

/** @param {MouseEvent} event */
function addToBasket(event) {
  const name = event.target instanceof HTMLElement ? event.target.dataset.add : undefined;
  if (!name) return;
  analytics()?.track('Product Added', { name });
  for (const place of all('[data-added]')) place.textContent = `${name} is in your basket.`;
}

for (const form of all('[data-sign-up]')) form.addEventListener('submit', signUp);
for (const button of all('[data-start-over]')) button.addEventListener('click', startOver);
document.addEventListener('click', followKind);
document.addEventListener('click', addToBasket);
addEventListener('popstate', () => showKind(location.pathname.split('/shop/')[1] ?? ''));
addEventListener('pageshow', showWho);
showWho();
