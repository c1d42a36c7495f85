/** What a benchmark is run with: `--name number` on the command line, and `--short` for less of everything. */
import { parseArgs } from 'node:util';

/** Defaults of all options, once for a run by itself and once for `--short`. All values are numbers. */
export function readSettings(usual, short) {
  const options = Object.fromEntries(Object.keys(usual).map((name) => [name, { type: 'string' }]));
  const { values } = parseArgs({ options: { ...options, short: { type: 'boolean' } } });
  const { short: isShort = false, ...given } = values;
  const numbers = Object.entries(given).map(([name, text]) => [name, positive(name, text)]);
  return { ...usual, ...(isShort ? short : {}), ...Object.fromEntries(numbers) };
}

function positive(name, text) {
  const value = Number(text);
  if (value > 0) return value;
  throw new Error(`--${name} is "${text}"; use a number above zero`);
}

/** The last line of a benchmark: what `all.mjs` gathers into its table. */
export function report(rows) {
  process.stdout.write(`${JSON_LINE}${JSON.stringify(rows)}\n`);
}

/** In front of that line. */
export const JSON_LINE = '#json ';
