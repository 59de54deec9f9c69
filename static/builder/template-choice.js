/** What a template is called and what it is for goes into fields in which nobody has typed. */
const choices = /** @type {NodeListOf<HTMLInputElement>} */ (
  document.querySelectorAll('[data-templates] input[type=radio]')
);

/** @param {string} name of a field @param {string} value */
function fill(name, value) {
  const field = document.querySelector(`[data-wizard] [name=${name}]`);
  if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) return;
  const isTyped = ![...choices].some(({ dataset }) => dataset[name] === field.value.trim());
  if (isTyped) return;
  field.value = value;
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

for (const choice of choices)
  choice.addEventListener('change', () => {
    for (const name of ['name', 'description']) fill(name, choice.dataset[name] ?? '');
  });

export {};
