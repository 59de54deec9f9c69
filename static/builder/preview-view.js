/**
 * How the preview is looked at: the device, light or dark, the direction of writing, the page beneath. Each is a group of buttons
 * `<button data-view="NAME" value="VALUE">`. What was chosen is remembered in this browser.
 */
const KEPT = 'anonmsg-preview';
/** A window in which a desktop would be too small to read. */
const PHONE = 600;

/** What was chosen before, whatever it may be. @returns {Record<string, unknown>} */
function kept() {
  try {
    return Object(JSON.parse(localStorage.getItem(KEPT) ?? ''));
  } catch {
    return {};
  }
}

export class View {
  /** @param {HTMLElement} section @param {() => void} onChange */
  constructor(section, onChange) {
    this.buttons = /** @type {HTMLButtonElement[]} */ ([...section.querySelectorAll('[data-view]')]);
    /** @type {Record<string, string>} */
    this.chosen = { device: innerWidth < PHONE ? '390' : '1024', scheme: 'light', dir: 'ltr', page: 'plain' };
    const before = kept();
    for (const { dataset, value } of this.buttons)
      if (before[`${dataset.view}`] === value) this.chosen[`${dataset.view}`] = value;
    this.press();
    section.addEventListener('click', ({ target }) => {
      const button = target instanceof Element ? target.closest('button') : null;
      if (button?.dataset.view) this.choose(button.dataset.view, button.value, onChange);
    });
  }

  /** The width of the device in CSS pixels. */
  get width() {
    return Number(this.chosen.device);
  }

  /** @returns {'light' | 'dark'} */
  get scheme() {
    return this.chosen.scheme === 'dark' ? 'dark' : 'light';
  }

  /** @param {string} name @param {string} value @param {() => void} onChange */
  choose(name, value, onChange) {
    this.chosen[name] = value;
    this.press();
    onChange();
    localStorage.setItem(KEPT, JSON.stringify(this.chosen));
  }

  press() {
    for (const button of this.buttons)
      button.setAttribute('aria-pressed', String(this.chosen[`${button.dataset.view}`] === button.value));
  }
}
