/**
 * Part `device`: phone, tablet or desktop, as the browser names itself.
 *
 * @import {Core} from '../types.js'
 */

function device() {
  const { userAgent, maxTouchPoints } = navigator;
  // A tablet of Apple's says that it is a Mac, which has no touch screen.
  if (/iPad|Tablet|PlayBook|Silk|Kindle/.test(userAgent) || (/Macintosh/.test(userAgent) && maxTouchPoints > 1))
    return 'tablet';
  if (/Mobi|iPhone|iPod/.test(userAgent)) return 'phone';
  return /Android/.test(userAgent) ? 'tablet' : 'desktop';
}

/** @param {Core} core */
export default function register(core) {
  core.tests ??= Object.create(null);
  core.tests.device = { met: ({ devices }) => devices.includes(device()) };
}
