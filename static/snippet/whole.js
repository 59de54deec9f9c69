/**
 * The snippet's parts put together for whoever is no visitor: the builder's preview and address tester, and tests.
 */
import { core } from './core.js';
import banner from './parts/banner.js';
import draws from './parts/draw.js';
import explain from './parts/explain.js';
import float from './parts/float.js';
import frequency from './parts/frequency.js';
import modal from './parts/modal.js';
import patterns from './parts/patterns.js';
import rich from './parts/rich.js';
import schedule from './parts/schedule.js';
import words from './parts/words.js';

for (const part of [draws, modal, float, banner, words, rich, patterns, schedule, frequency, explain]) part(core);

export const { decide, draw, undrawable } = core;
export * from './eligibility.js';
export { nextBoundary } from './parts/schedule.js';
