/**
 * The snippet's parts put together for whoever is no visitor: the builder's preview and address tester, and tests.
 */
import { core } from './core.js';
import banner from './parts/banner.js';
import clicked from './parts/clicked.js';
import conditions from './parts/conditions.js';
import daily from './parts/daily.js';
import device from './parts/device.js';
import draws from './parts/draw.js';
import element from './parts/element.js';
import exit from './parts/exit.js';
import explain from './parts/explain.js';
import float from './parts/float.js';
import form from './parts/form.js';
import frequency from './parts/frequency.js';
import holdout from './parts/holdout.js';
import language from './parts/language.js';
import modal from './parts/modal.js';
import patterns from './parts/patterns.js';
import rich from './parts/rich.js';
import schedule from './parts/schedule.js';
import scroll from './parts/scroll.js';
import seconds from './parts/seconds.js';
import steps from './parts/steps.js';
import theme from './parts/theme.js';
import tracked from './parts/tracked.js';
import visit from './parts/visit.js';
import words from './parts/words.js';

const looks = [draws, modal, float, banner, words, rich, steps, form, theme];
const gates = [
  patterns,
  schedule,
  frequency,
  daily,
  holdout,
  conditions,
  device,
  language,
  visit,
  seconds,
  scroll,
  exit,
  element,
  clicked,
  tracked,
];
for (const part of [...looks, ...gates, explain]) part(core);

export const { decide, draw, undrawable, looksOf } = core;
export * from './eligibility.js';
export { nextBoundary } from './parts/schedule.js';
