/** The keys and the words of the dashboard; `?` opens it from anywhere. */
import { CircleHelp, X } from 'lucide-react';
import { Dialog } from 'radix-ui';
import { type ReactNode, useEffect, useState } from 'react';
import { isDialogOpen, keyPressOf } from '../hooks/key-press.ts';
import { keyHelp, listCommand } from '../model/list-keys.ts';
import { ThemeToggle } from './theme-toggle.tsx';

const WORDS = [
  { word: 'leader', means: 'the replica that is the service and acts on the world' },
  { word: 'follower', means: "a replica that runs on the leader's log alone and touches nothing" },
  { word: 'suspect', means: 'the replica that a majority of the others outvoted' },
  { word: 'unattributed', means: 'replicas disagree, and no majority can say which one is wrong' },
  { word: 'lag', means: 'turns that a follower has still to do; being behind is not being wrong' },
  { word: 'noise', means: 'a difference ruled benign; shown in its own colour, never hidden' },
] as const;

/** A button with the dialog behind it. */
export function HelpDialog(): ReactNode {
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => {
      if (isDialogOpen() || listCommand(keyPressOf(event))?.type !== 'help') return;
      event.preventDefault();
      setOpen(true);
    };
    document.addEventListener('keydown', listener);
    return () => document.removeEventListener('keydown', listener);
  }, []);
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger className="icon-button" aria-label="Help" title="Help (?)">
        <CircleHelp size={17} aria-hidden="true" />
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className="dialog" aria-describedby={undefined}>
          <Dialog.Title>Keys and words</Dialog.Title>
          <div className="help-theme">
            <ThemeToggle />
          </div>
          <HelpContent />
          <Dialog.Close className="icon-button dialog-close" aria-label="Close">
            <X size={17} aria-hidden="true" />
          </Dialog.Close>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function HelpContent(): ReactNode {
  return (
    <div className="help">
      <dl className="keys">
        {keyHelp.map(({ keys, does }) => (
          <div key={does}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <dl className="words">
        {WORDS.map(({ word, means }) => (
          <div key={word}>
            <dt>{word}</dt>
            <dd>{means}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
