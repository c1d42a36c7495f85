/** What the scripts print: steps that begin, last, and end; and failures of one sentence. */

/** A failure that a person can mend. The message says how. */
export class Problem extends Error {}

const colour = process.stdout.isTTY && process.stdout.hasColors();

export function bold(text) {
  return colour ? `\u001b[1m${text}\u001b[0m` : text;
}

export function say(line = '') {
  process.stdout.write(`${line}\n`);
}

/** Between two signs of life of a long step, milliseconds. */
const SIGN_OF_LIFE_MS = 10_000;

/** Runs `work` under a heading, with signs of life while it lasts. */
export async function step(title, work) {
  const startedAt = Date.now();
  const seconds = () => ((Date.now() - startedAt) / 1000).toFixed(0);
  say(`> ${title}`);
  const life = setInterval(() => say(`  still at it (${seconds()} s)`), SIGN_OF_LIFE_MS);
  try {
    const result = await work();
    say(`  done (${seconds()} s)`);
    return result;
  } finally {
    clearInterval(life);
  }
}

/** Runs a script's main function; a problem becomes its sentence, anything else a stack. */
export async function main(work) {
  try {
    await work();
  } catch (error) {
    const text = error instanceof Problem ? error.message : error.stack;
    process.stderr.write(`\n${text}\n`);
    process.exitCode = 1;
  }
}
