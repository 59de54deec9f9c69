/**
 * `<div data-polls="SECONDS" hx-trigger="refresh">` asks for itself again and again, quietly: not while the tab is hidden,
 * and not while somebody has a menu in it open or drags something. Coming back to the tab refreshes at once.
 */
const due = new WeakMap();

/** A message's numbers bring the menu in the page's head anew as well. @param {Element} element */
const isBusy = (element) =>
  element.querySelector('details[open], .sortable-chosen') !== null ||
  document.querySelector('#actions details[open]') !== null;

/** @param {Element} element */
function refresh(element) {
  due.set(element, Date.now() + 1000 * Number(element.getAttribute('data-polls')));
  element.dispatchEvent(new Event('refresh'));
}

/** @param {boolean} atOnce */
function refreshDue(atOnce) {
  if (document.hidden) return;
  for (const element of document.querySelectorAll('[data-polls]')) {
    if (!due.has(element)) due.set(element, Date.now() + 1000 * Number(element.getAttribute('data-polls')));
    if (!isBusy(element) && (atOnce || Date.now() >= due.get(element))) refresh(element);
  }
}

/** What was asked for before the menu opened comes too late. @param {Event} event */
function keepBusy(event) {
  const element = /** @type {Element} */ (event.target);
  if (element.matches('[data-polls]') && isBusy(element)) event.preventDefault();
}

setInterval(refreshDue, 500, false);
document.addEventListener('htmx:before:swap', keepBusy);
document.addEventListener('visibilitychange', () => refreshDue(true));
