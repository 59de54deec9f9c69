/**
 * “Preview on your site”: makes the link without leaving the page. The fields stand in the wizard's form, but belong to another, so
 * what is typed in them is no edit. The page of the website that was previewed last is remembered for each site.
 */
const place = /** @type {HTMLElement | null} */ (document.querySelector('[data-preview-link]'));
const form = /** @type {HTMLFormElement | null} */ (document.getElementById('preview-link'));
const FAILED = 'The link could not be made: the server does not answer. Try again in a moment.';

/** @param {HTMLElement} place @param {HTMLFormElement} form */
function follow(place, form) {
  const remembered = `anonmsg-preview-page ${place.dataset.site}`;
  const field = () => /** @type {HTMLInputElement} */ (place.querySelector('input'));

  async function make() {
    const made = /** @type {HTMLElement} */ (place.querySelector('[data-preview-made]'));
    try {
      const response = await fetch(form.action, { method: 'POST', body: new FormData(form) });
      const page = new DOMParser().parseFromString(await response.text(), 'text/html');
      const answer = page.querySelector('[data-preview-link]');
      // Signed out meanwhile, or archived: the page that says so.
      if (!answer) return form.submit();
      show(answer, response.ok);
    } catch {
      made.textContent = FAILED;
    }
  }

  /** @param {Element} answer @param {boolean} isMade */
  function show(answer, isMade) {
    for (const part of ['.preview-link-fields', '[data-preview-made]']) {
      place.querySelector(part)?.replaceChildren(...(answer.querySelector(part)?.childNodes ?? []));
    }
    if (isMade) remember();
    (isMade ? /** @type {HTMLElement | null} */ (place.querySelector('#preview-open')) : field())?.focus();
  }

  /** Where there is no room left the link is as good. */
  function remember() {
    try {
      localStorage.setItem(remembered, field().value);
    } catch {}
  }

  const before = localStorage.getItem(remembered);
  if (before && !field().hasAttribute('aria-invalid')) field().value = before;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    make();
  });
  for (const type of ['input', 'change']) place.addEventListener(type, (event) => event.stopPropagation());
}

if (place && form) follow(place, form);

export {};
