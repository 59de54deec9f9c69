/** Buttons that go to a step offer the steps that there are, also those that were just added or moved. */

/** @param {HTMLSelectElement} select @param {string[]} ids */
function offer(select, ids) {
  const chosen = select.value;
  select.replaceChildren(...ids.map((id, at) => new Option(`Step ${at + 1}`, id, false, id === chosen)));
}

function follow() {
  const ids = [
    .../** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll('[data-list="steps"] [data-fresh-id]')),
  ];
  const selects = /** @type {NodeListOf<HTMLSelectElement>} */ (document.querySelectorAll('[data-steps]'));
  for (const select of selects)
    offer(
      select,
      ids.map(({ value }) => value),
    );
}

document.querySelector('[data-list="steps"]')?.addEventListener('change', ({ target }) => {
  if (target instanceof HTMLElement && target.dataset.list) follow();
});
