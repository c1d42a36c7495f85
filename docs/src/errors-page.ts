/**
 * Renders ERRORS.md from the tables in the code, so that the page cannot say anything else. Close codes
 * are described by the comments that stand beside them in their source.
 */
import { type ErrorRow, type ErrorTable, errorTables } from './error-tables.ts';

/** Where close codes are defined, from the root of the workspace. */
export const CLOSE_CODES_FILE = 'protocol/src/close-codes.ts';

/** The page. `closeCodesSource` is the text of `CLOSE_CODES_FILE`. */
export function errorsPage(closeCodesSource: string): string {
  return [
    '# Errors',
    '',
    'Every error that Lockstep reports by itself: its code, what is said (words in braces stand for values), what to do, and whether the same attempt may succeed later without anybody changing anything.',
    '',
    'This page is generated from the tables in the code (`npm run generate -w @lockstep/docs`); a test holds the two together. Errors of your service are not here: Lockstep neither makes nor changes them.',
    '',
    ...errorTables.flatMap(section),
    ...closeCodes(closeCodesSource),
  ].join('\n');
}

function section({ title, seen, source, rows }: ErrorTable): readonly string[] {
  return [
    `## ${title}`,
    '',
    `${seen} Table: [${source}](../${source}).`,
    '',
    ...Object.entries(rows).flatMap(([code, row]) => entry(code, row)),
  ];
}

/** A heading for each code: people arrive here with one, and links can point at it. */
function entry(code: string, { message, remedy, retryable, close, status }: ErrorRow): string[] {
  const facts = [
    `May pass by itself: ${retryable ? 'yes' : 'no'}.`,
    ...(close === undefined ? [] : [`Close code ${close}.`]),
    ...(status === undefined ? [] : [`Status ${status}.`]),
  ];
  return [`### ${code}`, '', `> ${message}`, '', `${remedy} _${facts.join(' ')}_`, ''];
}

function closeCodes(source: string): readonly string[] {
  const codes = [...source.matchAll(/\/\*\* ([^\n]+) \*\/\n\s+(\w+): (\d{4}),/g)];
  return [
    '## Close codes',
    '',
    `How the WebSocket between agent or launcher and collector is closed, beside the standard codes. Defined in [${CLOSE_CODES_FILE}](../${CLOSE_CODES_FILE}).`,
    '',
    ...codes.map(([, meaning, name, code]) => `- ${code} \`${name}\`: ${meaning}`),
    '',
  ];
}
