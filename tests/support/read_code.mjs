/**
 * Reads code as whoever runs it does: a list of {kind, code} on stdin, what each is taken for on stdout, in the same order:
 * of PHP the HTML that it prints, of Liquid what a shop makes of it with and without a customer, of others nothing.
 * It ends with an error where one cannot be read.
 */
import { readFileSync } from 'node:fs';
import { transformSync } from 'esbuild';
import { Liquid } from 'liquidjs';
import engine from 'php-parser';

const CUSTOMER = { id: 7, email: 'a"b@shop.example' };

/** @param {string} code */
function printed(code) {
  const { children } = new engine.Engine({}).parseCode(`<?php\n${code}`, 'functions.php');
  const [{ expression }] = children;
  const [, { body }] = expression.arguments;
  return body.children.map(({ value }) => value).join('');
}

/** @param {string} code */
const inShop = (code) => [{}, { customer: CUSTOMER }].map((visit) => new Liquid().parseAndRenderSync(code, visit));

/** @param {{kind: string, code: string}} one */
function read({ kind, code }) {
  if (kind === 'php') return printed(code);
  if (kind === 'liquid') return inShop(code);
  transformSync(code, { loader: /** @type {import('esbuild').Loader} */ (kind), logLevel: 'silent' });
}

console.log(JSON.stringify(JSON.parse(readFileSync(0, 'utf8')).map((one) => read(one) ?? null)));
