/**
 * Rich text with Trix in place of each `[data-rich]` field's markup. What it makes goes to the server as HTML, of which only
 * bold, italic, links and lines are kept (anonmsg/markup.py); until something is typed the markup stays what is sent.
 */
import Trix from 'trix';

const { blockAttributes } = Trix.config;
// Nothing that a message has no block for.
for (const name of ['quote', 'heading1', 'code', 'bulletList', 'bullet', 'numberList', 'number'])
  delete blockAttributes[name];

const tools = /** @type {HTMLTemplateElement | null} */ (document.getElementById('rich-tools'));

/** @param {HTMLElement} rich */
function upgrade(rich) {
  const area = rich.querySelector('textarea');
  const label = rich.querySelector('label');
  const isFocused = area === document.activeElement;
  if (!tools || !area || !label || rich.querySelector('trix-editor')) return;
  // Who began to write markup, or is in the middle of it, goes on as it is.
  if (area.value !== area.defaultValue || (isFocused && area.value)) return;
  const input = inputOf(rich, label.htmlFor);
  const toolbar = toolbarOf(tools, label.htmlFor);
  const editor = editorOf(area, label.htmlFor);
  for (const hint of rich.querySelectorAll('.form-hint')) hint.remove();
  area.removeAttribute('id');
  area.hidden = true;
  area.after(toolbar, editor);
  // Before any key: it is set up by now, though it tells of it only with the next frame.
  customElements.whenDefined('trix-editor').then(() => {
    if (isFocused) editor.focus();
    // What it makes of the HTML that it begins with is not typed.
    const began = input.value;
    editor.addEventListener('trix-change', () => {
      if (input.name || input.value !== began) typed(input, area);
    });
  });
}

/** What holds the HTML. @param {HTMLElement} rich @param {string} id */
function inputOf(rich, id) {
  const there = /** @type {HTMLInputElement | null} */ (rich.querySelector('[data-rich-html]'));
  if (there) return there;
  const made = Object.assign(document.createElement('input'), { type: 'hidden', id: `${id}-html` });
  made.value = rich.dataset.html ?? '';
  made.dataset.richHtml = '';
  rich.append(made);
  return made;
}

/** @param {HTMLTemplateElement} tools @param {string} id */
function toolbarOf(tools, id) {
  const toolbar = /** @type {HTMLElement} */ (tools.content.firstElementChild?.cloneNode(true));
  toolbar.id = `${id}-tools`;
  // Trix listens to the mouse button; a key makes a click without one.
  toolbar.addEventListener('click', ({ target, detail }) => {
    const button = target instanceof Element ? target.closest('[data-trix-attribute]') : null;
    if (detail === 0) button?.dispatchEvent(new MouseEvent('mousedown', { bubbles: true, cancelable: true }));
  });
  return toolbar;
}

/** @param {HTMLTextAreaElement} area @param {string} id */
function editorOf(area, id) {
  const editor = document.createElement('trix-editor');
  const attributes = {
    id,
    input: `${id}-html`,
    toolbar: `${id}-tools`,
    class: area.className,
    placeholder: area.placeholder,
    'aria-labelledby': `${id}-label`,
    'aria-multiline': 'true',
    ...(area.hasAttribute('aria-invalid') && { 'aria-invalid': 'true', 'aria-describedby': `${id}-error` }),
    ...(area.autofocus && { autofocus: '' }),
  };
  for (const [name, value] of Object.entries(attributes)) editor.setAttribute(name, value);
  return editor;
}

/** @param {HTMLInputElement} input @param {HTMLTextAreaElement} area */
function typed(input, area) {
  input.name = area.name.replace(/(paragraphs|items)$/, 'html');
  area.disabled = true;
  input.dispatchEvent(new Event('input', { bubbles: true }));
}

/**
 * Trix draws what a key did, and learns where the caret went, with the next frame. A key that comes before that frame, as on a
 * busy machine, would be taken for one somewhere else: a letter begins a line of its own, bold marks nothing.
 * @param {KeyboardEvent} event
 */
function catchUp({ target, isComposing }) {
  if (isComposing || !(target instanceof Element) || !target.matches('trix-editor')) return;
  const { inputController } = /** @type {import('trix').EditorElement} */ (target).editorController;
  if (inputController.scheduledRender) inputController.render();
  document.dispatchEvent(new Event('selectionchange'));
}

function follow() {
  for (const rich of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-parts] [data-rich]')))
    upgrade(rich);
}

addEventListener('keydown', catchUp, true);
addEventListener('trix-file-accept', (event) => event.preventDefault());
document.querySelector('[data-parts]')?.addEventListener('change', follow);
follow();
