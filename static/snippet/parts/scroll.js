/**
 * Part `scroll`: a message that comes once the visitor has scrolled so far down, in this page view.
 *
 * @import {Core, Lent} from '../types.js'
 */

/** How far the page is scrolled, in percent of the way; 0 where there is no way. */
function percent() {
  const { scrollHeight } = document.documentElement;
  const way = scrollHeight - innerHeight;
  return way > 0 ? (100 * (scrollY + 1)) / way : 0;
}

/** @param {Core & Partial<Lent>} core */
export default function register(core) {
  /** The least that some message waits for. */
  let wanted = Infinity;
  core.listen?.(document, 'scroll', () => {
    if (!core.view) return;
    core.view.scrolled = Math.max(core.view.scrolled ?? 0, percent());
    if (core.view.scrolled < wanted) return;
    wanted = Infinity;
    core.review?.();
  });
  core.tests ??= Object.create(null);
  core.tests.scroll = {
    met({ percent }) {
      const met = (core.view.scrolled ?? 0) >= percent;
      if (!met) wanted = Math.min(wanted, percent);
      return met;
    },
  };
}
