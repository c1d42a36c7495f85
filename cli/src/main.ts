/** Where the `lockstep` command begins, and where each of its failures becomes a sentence and a code. */
import { sentenceOf } from './errors.ts';
import { buildProgram } from './program.ts';

/** Usage, set-up, or a command that could not start: what every subcommand ends with when it fails. */
const FAILED = 2;

try {
  await buildProgram().parseAsync(process.argv);
} catch (error) {
  process.stderr.write(`lockstep: ${sentenceOf(error)}\n`);
  process.exit(FAILED);
}
