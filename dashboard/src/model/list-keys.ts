/**
 * What a key means in a list. Keys that are typed into a field are the field's; keys with a modifier
 * are the browser's.
 */

/** What a key asks for. */
export type ListCommand =
  | { readonly type: 'move'; readonly by: number }
  | { readonly type: 'jump'; readonly to: 'first' | 'last' }
  | { readonly type: 'open' }
  | { readonly type: 'search' }
  | { readonly type: 'help' };

/** What of a keyboard event matters here. */
export interface KeyPress {
  readonly key: string;
  readonly modified: boolean;
  /** Typed into an input, a select or a text area. */
  readonly inField: boolean;
  /** Typed on a link, a button, a tab or a radio, which have keys of their own. */
  readonly onControl: boolean;
}

/** Rows that Page Up and Page Down move. */
const PAGE_ROWS = 10;

const COMMANDS: Readonly<Record<string, ListCommand>> = {
  j: { type: 'move', by: 1 },
  ArrowDown: { type: 'move', by: 1 },
  k: { type: 'move', by: -1 },
  ArrowUp: { type: 'move', by: -1 },
  PageDown: { type: 'move', by: PAGE_ROWS },
  PageUp: { type: 'move', by: -PAGE_ROWS },
  Home: { type: 'jump', to: 'first' },
  End: { type: 'jump', to: 'last' },
  Enter: { type: 'open' },
  '/': { type: 'search' },
  '?': { type: 'help' },
};

/** Keys that no link, button, tab or radio uses. */
const LETTERS: ReadonlySet<string> = new Set(['j', 'k', '/', '?']);

/** The command behind a key, or null when the key is not ours. */
export function listCommand(press: KeyPress): ListCommand | null {
  if (press.modified || press.inField) return null;
  if (press.onControl && !LETTERS.has(press.key)) return null;
  return COMMANDS[press.key] ?? null;
}

/** The row that is active after a command; -1 means that none is yet. */
export function movedIndex(active: number, command: ListCommand, count: number): number {
  if (count === 0) return -1;
  if (command.type === 'jump') return command.to === 'first' ? 0 : count - 1;
  if (command.type !== 'move') return active;
  if (active === -1) return 0;
  return Math.min(count - 1, Math.max(0, active + command.by));
}

/** The keys, as the help dialog lists them. */
export const keyHelp: readonly { readonly keys: readonly string[]; readonly does: string }[] = [
  { keys: ['j', '↓'], does: 'Next row' },
  { keys: ['k', '↑'], does: 'Previous row' },
  { keys: ['Page Down', 'Page Up'], does: 'Ten rows on or back' },
  { keys: ['Home', 'End'], does: 'First or last loaded row' },
  { keys: ['Enter'], does: 'Open the active row' },
  { keys: ['/'], does: 'Go to the search field' },
  { keys: ['Esc'], does: 'Leave the search field, close a dialog' },
  { keys: ['?'], does: 'Show this help' },
];
