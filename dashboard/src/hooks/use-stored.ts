/**
 * A word kept in the browser's local storage and shared by all components that use it. A browser
 * that refuses storage keeps the word for the page's lifetime only.
 */
import { useCallback, useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();
const fallback = new Map<string, string>();

/** The stored word, or null. */
export function readStored(key: string): string | null {
  try {
    return globalThis.localStorage.getItem(key);
  } catch {
    // Storage is refused (private mode, policy): the page works without it.
    return fallback.get(key) ?? null;
  }
}

function writeStored(key: string, value: string): void {
  try {
    globalThis.localStorage.setItem(key, value);
  } catch {
    // As above: keep it for this page.
    fallback.set(key, value);
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  globalThis.addEventListener('storage', listener);
  return () => {
    listeners.delete(listener);
    globalThis.removeEventListener('storage', listener);
  };
}

/** The word under `key` and how to change it. */
export function useStored(key: string): readonly [string | null, (value: string) => void] {
  const value = useSyncExternalStore(subscribe, () => readStored(key));
  const write = useCallback((next: string) => writeStored(key, next), [key]);
  return [value, write];
}
