/**
 * Part `seconds`: a message that comes some time after the page view began.
 *
 * @import {Core, Lent} from '../types.js'
 */

/** @param {Core & Partial<Lent>} core */
export default function register(core) {
  /** When all is decided again, on the page's clock. */
  let next = 0;
  core.tests ??= Object.create(null);
  core.tests.seconds = {
    met({ seconds }) {
      const now = performance.now();
      const due = core.view.since + seconds * 1000;
      if (due > now && !(next > now && next <= due)) {
        next = due;
        setTimeout(() => core.review?.(), due - now + 1);
      }
      return due <= now;
    },
  };
}
