/** Where the `lockstep` command begins, and where each of its failures becomes a sentence and a code. */
import { CliError } from './errors.ts';
import { buildProgram } from './program.ts';

/** Usage, set-up, or a command that could not start: what every subcommand ends with when it fails. */
const FAILED = 2;

try {
  await buildProgram().parseAsync(process.argv);
} catch (error) {
  const text =
    error instanceof CliError
      ? `${error.message} ${error.remedy}`
      : String((error as Error).stack ?? error);
  process.stderr.write(`lockstep: ${text}\n`);
  process.exit(FAILED);
}
