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
 * @param {() => unknown} task @param {Lent['jar']} jar of cookies
 */
async function lease(task, jar) {
  const flag = `anonmsg_busy_${Math.random()}=1; path=/; max-age=`;
  for (let tries = 0, alone = false; tries < 99 && !alone; tries++) {
    jar.cookie = `${flag}2`;
    alone = jar.cookie.split('anonmsg_busy_').length < 3;
    if (alone) await task();
    jar.cookie = `${flag}0`;
    await pause(20 + Math.random() * 60);
  }
}

/** @param {Core & Lent} core */
export default function register(core) {
  // Where the cookies are blocked, and so throw, nobody can wait.
  core.leased = (task) => lease(task, core.jar).catch(task);
}
