/** What stands where data would: loading, nothing there, or a failure with its sentence. */
import type { ReactNode } from 'react';
import { sentenceOf } from '../errors.ts';

/** A quiet line for empty and loading states. */
export function Notice(props: { children: ReactNode }): ReactNode {
  return <p className="notice">{props.children}</p>;
}

/** A failed request: what happened and, where it can help, a way to try again. */
export function Failure(props: { error: unknown; onRetry?: () => void }): ReactNode {
  return (
    <div className="failure" role="alert">
      <p>{sentenceOf(props.error)}</p>
      {props.onRetry !== undefined && (
        <button type="button" onClick={props.onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}
