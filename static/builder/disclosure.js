/**
 * What opens and closes: `<button data-toggles="ID">` shows and hides the element with that id, and an open
 * `<details data-closes>` closes on Escape, on a click elsewhere and when the focus leaves it.
 */

/** @param {EventTarget | null} target */
const element = (target) => (target instanceof Element ? target : null);

/** @param {Element} button */
function toggle(button) {
  const open = button.getAttribute('aria-expanded') !== 'true';
  button.setAttribute('aria-expanded', String(open));
  document.getElementById(button.getAttribute('data-toggles') ?? '')?.classList.toggle('is-open', open);
}

/** @param {Element | null} [except] what lies inside or is it stays open */
function closeMenus(except) {
  for (const menu of document.querySelectorAll('details[data-closes][open]')) {
    if (!except || !menu.contains(except)) menu.removeAttribute('open');
  }
}

/** @param {KeyboardEvent} event */
function closeByKey(event) {
  if (event.key !== 'Escape') return;
  const menu = document.activeElement?.closest('details[data-closes][open]');
  menu?.querySelector('summary')?.focus();
  closeMenus();
}

document.addEventListener('click', ({ target }) => {
  const button = element(target)?.closest('[data-toggles]');
  if (button) toggle(button);
  closeMenus(element(target));
});
document.addEventListener('focusin', ({ target }) => closeMenus(element(target)));
document.addEventListener('keydown', closeByKey);
