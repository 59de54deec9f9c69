/**
 * Part `patterns`: the page rules that are more than a comparison: wildcards, regexes, query parameters. Pure.
 *
 * @import {Core} from '../types.js'
 */

/** The bounds that keep a regex harmless: characters of the pattern, and of the text that it is tried on. */
const LONGEST_PATTERN = 200;
const LONGEST_TEXT = 2048;

/** Stands for the ends of a text in wildcard(); in no address, since it is half a character. */
const EDGE = '\ud800';

/** A value `name=value`; what stands before the = of a pattern is no name. */
const PARAMETER = /^([^=*^$()[\]+?\\|{}]+)=(.*)/s;

/** @type {Map<string, RegExp>} */
const compiled = new Map();

/** @param {string} source */
function compile(source) {
  if (source.length > LONGEST_PATTERN) throw source;
  const found = compiled.get(source) ?? new RegExp(source, 'i');
  compiled.set(source, found);
  return found;
}

/**
 * Whether the whole text fits, `*` standing for any characters: each piece is looked for once, left to right.
 * @param {string} text @param {string} value
 */
function wildcard(text, value) {
  const whole = EDGE + text + EDGE;
  let at = 0;
  for (const piece of (EDGE + value + EDGE).split('*')) {
    const found = whole.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return true;
}

/** The values of a query parameter. @param {string} name @param {URLSearchParams} params */
function repeats(name, params) {
  /** @type {string[]} */
  const found = [];
  params.forEach((value, key) => key.toLowerCase() === name.toLowerCase() && found.push(value));
  return found;
}

/** @param {Core} core */
export default function register(core) {
  const { matches, readers } = core;
  matches.wildcard = wildcard;
  matches.regex = (_, __, text, value) => compile(value).test(text.slice(0, LONGEST_TEXT));
  let last = '';
  let params = new URLSearchParams();
  readers.query = (value, { url: [address = ''] }) => {
    const [, name, rest] = PARAMETER.exec(value) ?? [];
    if (!name) return;
    // The rules of all messages are asked about one address.
    if (address !== last) params = new URL(address).searchParams;
    last = address;
    return [repeats(name, params), `${rest}`];
  };
}
