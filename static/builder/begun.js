/**
 * A message that is being made has its id from the start, in the form. Whoever comes back to this page once it is there goes
 * on with it, instead of making another: the place in the browser's history keeps the id.
 */
const form = /** @type {HTMLFormElement} */ (document.querySelector('[data-wizard]'));
const id = /** @type {HTMLInputElement} */ (form.elements.namedItem('lock'));

function goOn() {
  const begun = history.state?.begun;
  if (begun && !new URLSearchParams(location.search).has('begun'))
    location.replace(`?begun=${encodeURIComponent(begun)}`);
  else history.replaceState({ begun: id.value }, '');
}

if (form.hasAttribute('data-begins')) {
  goOn();
  addEventListener('pageshow', ({ persisted }) => persisted && goOn());
}
