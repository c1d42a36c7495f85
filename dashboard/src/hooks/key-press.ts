/** Reads from a keyboard event what the key model wants to know of it. */
import type { KeyPress } from '../model/list-keys.ts';

const FIELDS = 'input, textarea, select, [contenteditable]';
const CONTROLS = 'a, button, [role="radio"], [role="tab"], summary';

/** The event as a `KeyPress`. */
export function keyPressOf(event: KeyboardEvent): KeyPress {
  const target = event.target instanceof Element ? event.target : null;
  return {
    key: event.key,
    modified: event.ctrlKey || event.metaKey || event.altKey,
    inField: target?.closest(FIELDS) != null,
    onControl: target?.closest(CONTROLS) != null,
  };
}

/** True while a dialog is open: keys are then the dialog's. */
export function isDialogOpen(): boolean {
  return document.querySelector('[role="dialog"]') !== null;
}
