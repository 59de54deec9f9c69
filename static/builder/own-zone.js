/** On the first visit to the schedule, the zone is the browser's own, if the list has it and nobody has chosen another. */
const select = /** @type {HTMLSelectElement | null} */ (document.querySelector('[data-own-zone]'));
const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
const isUntouched = select?.selectedOptions[0]?.defaultSelected;

if (select && isUntouched && [...select.options].some(({ value }) => value === own) && select.value !== own) {
  select.value = own;
  select.dispatchEvent(new Event('input', { bubbles: true }));
}

export {};
