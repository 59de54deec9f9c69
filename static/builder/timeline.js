/** The schedule's line of time follows what is typed. */
const line = document.querySelector('[data-timeline]');

/** @param {[what: string, when: string]} point */
function item([what, when]) {
  const made = document.createElement('li');
  const [first, second] = [document.createElement('span'), document.createElement('span')];
  made.className = what === 'Now' ? 'timeline-now' : 'timeline-then';
  first.className = 'timeline-what';
  first.textContent = what;
  second.textContent = when;
  made.append(first, ' ', second);
  return made;
}

document.querySelector('[data-wizard]')?.addEventListener('anonmsg:drawn', (event) => {
  const { timeline } = /** @type {CustomEvent} */ (event).detail;
  if (timeline) line?.replaceChildren(...timeline.map(item));
});
