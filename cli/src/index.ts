/** What other packages may use of the command: its error table, for the documentation's test. */
export { type CliErrorCode, type ErrorRow, errorTable } from './errors.ts';
