/** What a template is called and what it is for goes into fields in which nobody has typed. */
const choices = /** @type {HTMLInputElement[]} */ ([
  ...document.querySelectorAll('[data-templates] input[type=radio]'),
]);

/** @param {string} name of a field @param {string} value */
function fill(name, value) {
  const field = document.querySelector(`[data-wizard] [name=${name}]`);
  if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) || field.value === value) return;
  const isTyped = !choices.some(({ dataset }) => dataset[name] === field.value.trim());
  if (isTyped) return;
  field.value = value;
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

function follow() {
  const chosen = choices.find(({ checked }) => checked);
  for (const name of ['name', 'description']) fill(name, chosen?.dataset[name] ?? '');
}

for (const choice of choices) choice.addEventListener('change', follow);
// One may have been chosen before this was there.
if (choices.some(({ checked, value }) => checked && value)) follow();

export {};
