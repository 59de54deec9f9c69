/**
 * Part `words`: bold, italic and linked words, and the buttons that are less than primary.
 *
 * @import {Core, Maker, Run} from '../types.js'
 */

const LOOK = `
a{color:inherit}
.secondary{border-color:var(--line)}
.link{text-decoration:underline}`;

/** @param {Run} run @param {Maker} maker @returns {Node | string} */
function run({ text, bold, italic, link }, { make, run, safeUrl }) {
  const href = link && safeUrl(link);
  if (href) return make('a', { href }, [{ text, bold, italic }], run);
  if (bold) return make('strong', {}, [{ text, italic }], run);
  return italic ? make('em', {}, [text]) : `${text}`;
}

/** @param {Core} core */
export default function register(core) {
  core.run = run;
  core.styles = /^(secondary|link)$/;
  core.looks += LOOK;
}
