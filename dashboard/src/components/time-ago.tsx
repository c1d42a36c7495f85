/** A moment as "how long ago", with the full time in its title and for machines. */
import type { ReactNode } from 'react';
import { useNow } from '../hooks/use-now.ts';
import { formatAge, formatTime } from '../model/format.ts';

/** A moment. */
export function TimeAgo(props: { at: string }): ReactNode {
  const nowMs = useNow();
  return (
    <time dateTime={props.at} title={props.at}>
      {formatAge(props.at, nowMs)}
    </time>
  );
}

/** A moment as wall-clock time. */
export function ClockTime(props: { at: string }): ReactNode {
  const nowMs = useNow();
  return (
    <time dateTime={props.at} title={props.at}>
      {formatTime(Date.parse(props.at), nowMs)}
    </time>
  );
}
