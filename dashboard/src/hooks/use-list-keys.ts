/** Lets a list be driven by keys, from anywhere on its page or only while it has the focus. */
import { type RefObject, useEffect, useEffectEvent } from 'react';
import { type ListCommand, listCommand } from '../model/list-keys.ts';
import { isDialogOpen, keyPressOf } from './key-press.ts';

/** Where keys are listened to. */
export type KeyScope = 'page' | 'focus';

/** Hands list commands to `onCommand`, which says whether it took them. */
export function useListKeys(
  scope: KeyScope,
  element: RefObject<HTMLElement | null>,
  onCommand: (command: ListCommand) => boolean,
): void {
  const take = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || isDialogOpen()) return;
    const command = listCommand(keyPressOf(event));
    if (command !== null && onCommand(command)) event.preventDefault();
  });
  useEffect(() => {
    const target = scope === 'page' ? document : element.current;
    const listener = (event: Event): void => {
      if (event instanceof KeyboardEvent) take(event);
    };
    target?.addEventListener('keydown', listener);
    return () => target?.removeEventListener('keydown', listener);
  }, [scope, element]);
}
