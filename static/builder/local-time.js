/**
 * `<time data-local-time>` is written as this browser's clock and language have it; `brief` is the time of today, or the day of
 * what is longer ago.
 */
const WHOLE = /** @type {const} */ ({ dateStyle: 'medium', timeStyle: 'short' });
const OF_TODAY = /** @type {const} */ ({ timeStyle: 'short' });
const OF_BEFORE = /** @type {const} */ ({ dateStyle: 'medium' });

for (const time of document.querySelectorAll('time[data-local-time]')) {
  const at = new Date(time.getAttribute('datetime') ?? '');
  const brief = at.toDateString() === new Date().toDateString() ? OF_TODAY : OF_BEFORE;
  time.textContent = at.toLocaleString(undefined, time.getAttribute('data-local-time') === 'brief' ? brief : WHOLE);
}

export {};
