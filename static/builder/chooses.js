/** Typing into a field with `data-chooses` chooses the radio that it belongs to, whose id that names. */
document.addEventListener('input', ({ target }) => {
  const field = target instanceof HTMLInputElement ? target : null;
  const radio = document.getElementById(field?.dataset.chooses ?? '');
  if (radio instanceof HTMLInputElement) radio.checked = true;
});
