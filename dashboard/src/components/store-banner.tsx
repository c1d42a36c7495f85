/** Says that the collector cannot reach its store, since when, and how much waits for it. */
import { DatabaseZap } from 'lucide-react';
import type { ReactNode } from 'react';
import { useCollectorStatus } from '../api/queries.ts';
import { formatPlural } from '../model/format.ts';
import { ClockTime } from './time-ago.tsx';

/** The banner, if the store is away. */
export function StoreBanner(): ReactNode {
  const store = useCollectorStatus()?.store;
  if (store === undefined || store.state === 'ready') return null;
  return (
    <div className="banner tone-high" role="status" data-testid="store-banner">
      <DatabaseZap size={16} aria-hidden="true" />
      <span>
        The store ({store.kind}) is away since <ClockTime at={store.since} />:{' '}
        {formatPlural(store.pendingWrites, 'write')} will follow when it is back; until then lists
        and histories may lack what is newest.
        {store.detail !== null && ` ${store.detail}`}
      </span>
    </div>
  );
}
