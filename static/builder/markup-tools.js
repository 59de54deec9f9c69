/** Bold, italic and link in a `[data-rich]` field: its buttons and ⌘/Ctrl-B, -I, -K put the markup around what is selected. */
const MARKS = /** @type {Record<string, [string, string]>} */ ({
  bold: ['**', '**'],
  italic: ['_', '_'],
  link: ['[', '](https://)'],
});
const KEYS = /** @type {Record<string, string>} */ ({ b: 'bold', i: 'italic', k: 'link' });
const WORDS = 'words';

/** @param {HTMLTextAreaElement} area @param {string} mark */
function wrap(area, mark) {
  const [before, after] = MARKS[mark] ?? ['', ''];
  const { selectionStart: start, selectionEnd: end, value } = area;
  const text = value.slice(start, end) || WORDS;
  area.focus();
  area.setRangeText(before + text + after, start, end, 'end');
  const from = start + before.length;
  // Of a link the address is what is missing next.
  if (mark === 'link') area.setSelectionRange(from + text.length + 2, from + text.length + after.length - 1);
  else area.setSelectionRange(from, from + text.length);
  area.dispatchEvent(new Event('input', { bubbles: true }));
}

document.addEventListener('click', ({ target }) => {
  const button = target instanceof Element ? /** @type {HTMLElement | null} */ (target.closest('[data-mark]')) : null;
  const area = button?.closest('[data-rich]')?.querySelector('textarea');
  if (button && area) wrap(area, button.dataset.mark ?? '');
});
document.addEventListener('keydown', (event) => {
  const mark = (event.metaKey || event.ctrlKey) && !event.altKey ? KEYS[event.key.toLowerCase()] : undefined;
  const area = event.target instanceof HTMLTextAreaElement && event.target.closest('[data-rich]') ? event.target : null;
  if (!mark || !area) return;
  event.preventDefault();
  wrap(area, mark);
});
