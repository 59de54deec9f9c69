/** `<time data-local-time>` is written as this browser's clock and language have it. */
const STYLE = /** @type {const} */ ({ dateStyle: 'medium', timeStyle: 'short' });

for (const time of document.querySelectorAll('time[data-local-time]')) {
  time.textContent = new Date(time.getAttribute('datetime') ?? '').toLocaleString(undefined, STYLE);
}

export {};
