/** The schedule's line of time follows what is typed. Where that cannot be understood, there is no line, and why is said. */
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

/** @param {string} name @param {string} words */
function say(name, words) {
  const place = document.querySelector(`[data-words=${name}]`);
  if (place) place.textContent = words;
}

document.querySelector('[data-wizard]')?.addEventListener('anonmsg:drawn', (event) => {
  const { timeline = [], problems } = /** @type {CustomEvent} */ (event).detail;
  line?.replaceChildren(...timeline.map(item));
  if (line && problems) {
    say('schedule', problems.join(' '));
    say('notes', '');
  }
});
