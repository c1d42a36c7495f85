/** The reader's choice of theme: the system's, unless they said otherwise. */

/** A theme, or the system's. */
export type ThemeChoice = 'system' | 'light' | 'dark';

/** Key in the browser's local storage. */
export const THEME_KEY = 'lockstep.theme';

/** Reads a stored choice; anything unknown is `system`. */
export function parseTheme(stored: string | null): ThemeChoice {
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}
