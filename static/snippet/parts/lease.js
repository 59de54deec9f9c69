/**
 * Part `lease`: one tab after the other on plain http, where there are no Web Locks.
 *
 * @import {Core, Lent} from '../types.js'
 */

/** @param {number} ms */
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/**
 * Runs a task while no other tab runs one. Whoever sees no flag but its own goes ahead, whoever sees another takes its own
 * down and tries again: all tabs see cookies change in one order, so two never both go ahead. The flag of a tab that died is
 * gone after two seconds. Without cookies nobody waits.
 * @param {() => unknown} task
 */
async function lease(task) {
  const flag = `anonmsg_busy_${Math.random()}=1; path=/; max-age=`;
  for (let tries = 0, alone = false; tries < 99 && !alone; tries++) {
    document.cookie = `${flag}2`;
    alone = document.cookie.split('anonmsg_busy_').length < 3;
    if (alone) await task();
    document.cookie = `${flag}0`;
    await pause(20 + Math.random() * 60);
  }
}

/** @param {Core & Lent} core */
export default function register(core) {
  // Where the cookies are blocked, and so throw, nobody can wait.
  core.leased = (task) => lease(task).catch(task);
}
