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
  const extra = extraColumn(Object.values(rows));
  const heading = ['code', 'message', 'what to do', 'may pass by itself', ...extra.heading];
  return [
    `## ${title}`,
    '',
    `${seen} Table: [${source}](../${source}).`,
    '',
    line(heading),
    line(heading.map(() => '---')),
    ...Object.entries(rows).map(([code, row]) =>
      line([
        `\`${code}\``,
        row.message,
        row.remedy,
        row.retryable ? 'yes' : 'no',
        ...extra.cell(row),
      ]),
    ),
    '',
  ];
}

interface Extra {
  readonly heading: readonly string[];
  readonly cell: (row: ErrorRow) => readonly string[];
}

function extraColumn(rows: readonly ErrorRow[]): Extra {
  if (rows.every(({ close }) => close !== undefined)) {
    return { heading: ['close code'], cell: ({ close }) => [String(close)] };
  }
  if (rows.every(({ status }) => status !== undefined)) {
    return { heading: ['status'], cell: ({ status }) => [String(status)] };
  }
  return { heading: [], cell: () => [] };
}

/** A Markdown table's row; what Markdown would take for markup is written as text. */
function line(cells: readonly string[]): string {
  return `| ${cells.map(cellText).join(' | ')} |`;
}

function cellText(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}

function closeCodes(source: string): readonly string[] {
  const codes = [...source.matchAll(/\/\*\* ([^\n]+) \*\/\n\s+(\w+): (\d{4}),/g)];
  return [
    '## Close codes',
    '',
    `How the WebSocket between agent or launcher and collector is closed, beside the standard codes. Defined in [${CLOSE_CODES_FILE}](../${CLOSE_CODES_FILE}).`,
    '',
    line(['code', 'name', 'meaning']),
    line(['---', '---', '---']),
    ...codes.map(([, meaning = '', name = '', code = '']) => line([code, name, meaning])),
    '',
  ];
}
