/** On the first visit to the schedule, the zone is the browser's own, if the list has it. */
const select = /** @type {HTMLSelectElement | null} */ (document.querySelector('[data-own-zone]'));
const own = Intl.DateTimeFormat().resolvedOptions().timeZone;

if (select && [...select.options].some(({ value }) => value === own) && select.value !== own) {
  select.value = own;
  select.dispatchEvent(new Event('input', { bubbles: true }));
}

export {};
