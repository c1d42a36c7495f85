/** What `run` and `check` take from the command line, checked once. */
import { MAX_NAME_CHARS } from '@lockstep/protocol';
import { CliError } from '../errors.ts';
import { MAX_REPLICAS } from '../limits.ts';

/** A whole number within bounds, as an option's value. */
export function wholeNumber(
  option: string,
  text: string,
  bounds: { readonly least: number; readonly most: number },
): number {
  const { least, most } = bounds;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) {
    const expected = `a whole number from ${least} to ${most}`;
    throw new CliError('CLI_OPTION_INVALID', { option, value: text, expected });
  }
  return value;
}

export function replicaCount(text: string): number {
  return wholeNumber('--replicas', text, { least: 1, most: MAX_REPLICAS });
}

/** Longest time that can be asked for: a day. */
const MAX_SECONDS = 86_400;

/** Seconds, fractions allowed. */
export function seconds(option: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= MAX_SECONDS)) {
    const expected = `seconds from 0 to ${MAX_SECONDS}`;
    throw new CliError('CLI_OPTION_INVALID', { option, value: text, expected });
  }
  return value;
}

/** A service's or variant's name: it travels, and it stands in URLs. */
export function label(option: string, text: string): string {
  if (!/^[\w.@/-]+$/.test(text) || text.length > MAX_NAME_CHARS) {
    const expected = `a name of letters, digits and . _ - @ /, at most ${MAX_NAME_CHARS} characters`;
    throw new CliError('CLI_OPTION_INVALID', { option, value: text, expected });
  }
  return text;
}

/** `--addons allow`. */
export function addons(text: string): boolean {
  if (text !== 'allow') {
    const expected =
      'the word allow: followers then load native add-ons that Lockstep does not know';
    throw new CliError('CLI_OPTION_INVALID', { option: '--addons', value: text, expected });
  }
  return true;
}
