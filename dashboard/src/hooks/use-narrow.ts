/** Whether the window is narrow: lists then show cards instead of columns. */
import { useSyncExternalStore } from 'react';

/** The same width as in `styles/`; media queries cannot read custom properties. */
const NARROW = '(max-width: 760px)';

function subscribe(listener: () => void): () => void {
  const query = globalThis.matchMedia(NARROW);
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}

/** True in a narrow window. */
export function useNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => globalThis.matchMedia(NARROW).matches);
}
