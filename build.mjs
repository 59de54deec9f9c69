/**
 * Builds static/dist: the snippet, the builder's scripts and styles, and the icons it uses. Every file carries a hash of its
 * content in its name, so that it can be cached for ever; manifest.json maps the plain names to the hashed ones.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as esbuild from 'esbuild';
import { minify } from 'terser';

const OUT = 'static/dist';
const ICONS = 'node_modules/@tabler/icons/icons/outline';
const ICON_LIST = 'static/builder/icons.txt';
const BROWSERS = ['chrome109', 'edge109', 'firefox115', 'safari16.4'];

const PARTS = [
  'draw',
  'modal',
  'float',
  'banner',
  'words',
  'rich',
  'steps',
  'form',
  'patterns',
  'schedule',
  'frequency',
  'fetch',
  'lease',
  'explain',
  'daily',
  'holdout',
  'conditions',
  'device',
  'language',
  'visit',
  'seconds',
  'scroll',
  'exit',
  'element',
  'clicked',
  'tracked',
  'api',
  'consent',
  'theme',
  'preview',
];

/**
 * Names of properties that nobody but the snippet sees: neither stored, nor sent, nor the browser's. Each becomes a letter,
 * in this order, which is the best of many tried: worth 40 B of a compressed script. New ones go to the end.
 */
const INTERNAL = (
  'review actions heard tag agree asks run leased looks memory onCross places undrawable journal readers make ' +
  'fetchSteps gates kinds slots withPart onShow known isTooOften guarded server isCrowdedOut safeUrl why report ' +
  'write hasEnded noted looksOf begins view onClose onClick keepId jar listen isElsewhere build wake preview ' +
  'send met enabled enqueue partsOf show isUnmet layers isWatched settle isOff draw decide stepsOf wraps ' +
  'isKnown tests visit isEnough isControl isUndrawable matches watch renew held styles detached anew ' +
  'isOutOfSeason'
).split(' ');
if ([Array, Function, Map, Object, Promise, String].some(({ prototype }) => INTERNAL.some((name) => name in prototype)))
  throw new Error('A name of the snippet is one of the language too');
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const SHORT = Object.fromEntries(INTERNAL.map((name, at) => [name, `${LETTERS[at % 52]}${at < 52 ? '' : '_'}`]));

/** @type {esbuild.BuildOptions} */
const COMMON = {
  bundle: true,
  minify: true,
  write: false,
  outdir: OUT,
  entryNames: '[name]-[hash]',
  chunkNames: 'chunk-[hash]',
  target: BROWSERS,
  logLevel: 'error',
};

/** @type {esbuild.BuildOptions} */
const SNIPPET = {
  ...COMMON,
  // All but the names, which come later.
  minify: false,
  minifySyntax: true,
  minifyWhitespace: true,
  format: 'esm',
  mangleProps: new RegExp(`^(${INTERNAL.join('|')})$`),
  mangleCache: SHORT,
  supported: { 'regexp-unicode-property-escapes': true },
};

/** The builder loads what a page needs. */
const BUILDER = {
  ...COMMON,
  entryPoints: [
    { in: 'static/builder/index.js', out: 'builder' },
    { in: 'static/builder/builder.css', out: 'builder' },
    { in: 'static/builder/favicon.svg', out: 'favicon' },
    { in: 'static/demo/demo.js', out: 'demo' },
    { in: 'static/demo/demo.css', out: 'demo' },
  ],
  loader: { '.svg': /** @type {const} */ ('copy') },
  format: /** @type {const} */ ('esm'),
  splitting: true,
  legalComments: /** @type {const} */ ('linked'),
};

/**
 * @typedef {{name: string, plain: string | null, contents: Uint8Array}} Built a file to write; chunks have no plain name
 * @param {esbuild.BuildOptions} options
 * @returns {Promise<Built[]>}
 */
async function bundle(options) {
  const { outputFiles = [] } = await esbuild.build(options);
  return outputFiles.map(({ path, contents }) => {
    const name = basename(path);
    return { name, plain: /^chunk-|\.txt$/.test(name) ? null : name.replace(/-\w+\./, '.'), contents };
  });
}

/** What a program of the snippet is with all that it imports, as one text. @param {string} program */
async function gathered(program) {
  const { outputFiles = [] } = await esbuild.build({
    ...SNIPPET,
    stdin: { contents: program, resolveDir: 'static/snippet' },
  });
  // Line breaks of style sheets are for people only.
  return `${outputFiles[0]?.text}`.replace(/(?<=[;{},`])\n/g, '');
}

/**
 * The text of one function. It is loaded by every visitor of every website, so a second minifier goes over it: 3 % less,
 * compressed.
 * @param {string} parameters @param {string} body
 */
async function wrapped(parameters, body) {
  const options = {
    module: true,
    ecma: /** @type {const} */ (2020),
    compress: {
      passes: 3,
      unsafe_arrows: true,
      unsafe: true,
      booleans_as_integers: true,
      hoist_funs: true,
      unsafe_math: true,
    },
  };
  const { code = '' } = await minify(`export default function(${parameters}){${body}}`, options);
  return code.replace(/^export default ?/, '').replace(/;$/, '');
}

/** A part, as the very function that its module ends with: to call that from another costs 6 B. @param {string} name */
async function part(name) {
  const text = await gathered(`import register from './parts/${name}.js';register()`);
  const [, before, body] = /^(.*)function register\(core\){(.*)}register\(\);$/s.exec(text) ?? [];
  if (body === undefined) throw new Error(`parts/${name}.js does not end with the function register(core)`);
  return [name, await wrapped('core', before + body)];
}

/**
 * What every script begins with. The hint has Chromium compile every function at once, instead of reading most of them twice:
 * https://v8.dev/blog/explicit-compile-hints
 */
const HEAD = '//# allFunctionsCalledOnLoad\n"use strict";';

/**
 * The core and its parts, which the server puts together as a site's messages need them (anonmsg/delivery/bundle.py).
 * @returns {Promise<Built[]>}
 */
async function snippet() {
  const core = await wrapped('__ANONMSG__,__PARTS__,__BUILD__', await gathered("import './index.js'"));
  const parts = Object.fromEntries(await Promise.all(PARTS.map(part)));
  return [hashed('snippet.json', JSON.stringify({ head: HEAD, core, parts }))];
}

/**
 * @param {string} plain
 * @param {string} text
 * @returns {Built}
 */
function hashed(plain, text) {
  const contents = Buffer.from(text);
  const hash = createHash('sha256').update(contents).digest('hex').slice(0, 8).toUpperCase();
  return { name: plain.replace('.', `-${hash}.`), plain, contents };
}

/**
 * @param {string} name one of Tabler's outline icons
 * @returns {Promise<string>} a symbol that `<use href="icons.svg#NAME">` shows
 */
async function symbol(name) {
  const svg = await readFile(join(ICONS, `${name}.svg`), 'utf8').catch(() => {
    throw new Error(`${ICON_LIST} names the icon “${name}”, which Tabler does not have`);
  });
  const shapes = svg.replace(/^<svg[^>]*>|<\/svg>\s*$|<path stroke="none"[^>]*>/g, '').replace(/\n\s*/g, '');
  const stroke = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"';
  return `<symbol id="${name}" viewBox="0 0 24 24" ${stroke}>${shapes}</symbol>`;
}

/** @returns {Promise<Built[]>} */
async function icons() {
  const names = (await readFile(ICON_LIST, 'utf8')).split('\n').filter(Boolean);
  const symbols = await Promise.all(names.map(symbol));
  return [hashed('icons.svg', `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>`)];
}

/**
 * Writes the manifest last and whole, so that nobody reads half a build.
 * @param {Built[]} files
 */
async function write(files) {
  await mkdir(OUT, { recursive: true });
  await Promise.all(files.map(({ name, contents }) => writeFile(join(OUT, name), contents)));
  const names = Object.fromEntries(files.flatMap(({ plain, name }) => (plain ? [[plain, name]] : [])));
  await writeFile(join(OUT, `manifest.json.${process.pid}`), `${JSON.stringify(names, null, 2)}\n`);
  await rename(join(OUT, `manifest.json.${process.pid}`), join(OUT, 'manifest.json'));
}

/** Removes what earlier builds left, but not what a server that is still running may be asked for. */
async function removeStale() {
  const dayAgo = Date.now() - 24 * 3600 * 1000;
  for (const name of await readdir(OUT)) {
    const path = join(OUT, name);
    if ((await stat(path)).mtimeMs < dayAgo) await rm(path);
  }
}

/** @param {string} name @param {Uint8Array | string} contents */
function printSize(name, contents) {
  const size = contents.length.toLocaleString('en').padStart(9);
  const zipped = gzipSync(contents, { level: 9 }).length.toLocaleString('en').padStart(9);
  console.log(`${size} B ${zipped} B gzip  ${name}`);
}

/** @param {Built[]} files */
function printSizes(files) {
  for (const { name, plain, contents } of files) {
    printSize(name, contents);
    if (plain !== 'snippet.json') continue;
    const { core, parts } = JSON.parse(Buffer.from(contents).toString());
    for (const [part, text] of Object.entries({ core, ...parts })) printSize(`  ${part}`, text);
  }
}

try {
  const files = (await Promise.all([snippet(), bundle(BUILDER), icons()])).flat();
  await write(files);
  await removeStale();
  printSizes(files);
} catch (error) {
  // esbuild has already printed its own errors, with the place of each.
  if (!(error instanceof Error && 'errors' in error)) console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
