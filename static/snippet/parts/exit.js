/**
 * Part `exit`: a message that comes when the mouse leaves the page at its top, as it does on the way to the address or the tabs.
 *
 * @import {Core, Lent} from '../types.js'
 */

/** @param {Core & Partial<Lent>} core */
export default function register(core) {
  core.listen?.(document, 'mouseout', ({ relatedTarget, clientY }) => {
    if (relatedTarget || clientY > 0 || !core.view || core.view.left) return;
    core.view.left = true;
    core.review?.();
  });
  core.tests ??= Object.create(null);
  core.tests.exit = { met: () => core.view.left };
}
