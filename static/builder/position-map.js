/** The position of a message: the select offers what its kind allows, and a small map of the screen sets it by mouse. */
const select = /** @type {HTMLSelectElement | null} */ (document.querySelector('[data-positions]'));
const map = document.querySelector('[data-position-map]');

/** @param {HTMLSelectElement} select @param {Element} map */
function follow(select, map) {
  /** @type {Record<string, string[]>} */
  const places = JSON.parse(select.dataset.positions ?? '{}');
  const all = new Map([...select.options].map((option) => [option.value, option]));
  const kinds = [.../** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll('.kinds input'))];

  function offer() {
    const kind = kinds.find(({ checked }) => checked)?.value ?? '';
    const offered = places[kind] ?? [];
    const chosen = offered.includes(select.value) ? select.value : offered[0];
    select.replaceChildren(...offered.map((place) => all.get(place) ?? ''));
    select.value = chosen ?? '';
    map.className = `screen-map screen-map-${kind}`;
    map.replaceChildren(...offered.map(spot));
    mark();
  }

  /** @param {string} place */
  function spot(place) {
    const made = document.createElement('span');
    made.className = `spot spot-${place}`;
    made.dataset.place = place;
    return made;
  }

  function mark() {
    for (const each of map.children)
      each.classList.toggle('is-chosen', /** @type {HTMLElement} */ (each).dataset.place === select.value);
  }

  for (const kind of kinds) kind.addEventListener('change', offer);
  select.addEventListener('change', mark);
  map.addEventListener('click', ({ target }) => {
    const place = target instanceof HTMLElement ? target.dataset.place : undefined;
    if (!place) return;
    select.value = place;
    select.dispatchEvent(new Event('change', { bubbles: true }));
  });
  offer();
}

if (select && map) follow(select, map);

export {};
