/** One line on the collector and its store. */
import type { CollectorStatus } from '@lockstep/protocol';
import type { ReactNode } from 'react';
import { useCollectorStatus } from '../api/queries.ts';
import { formatPlural, formatRate } from '../model/format.ts';
import { Badge } from './badge.tsx';
import { ClockTime } from './time-ago.tsx';

/** Collector, store and their load; says so while nothing is known. */
export function StatusLine(): ReactNode {
  const status = useCollectorStatus();
  return (
    <section className="status-line" aria-label="Collector" data-testid="collector-status">
      {status === undefined ? <p>The collector has not reported yet.</p> : <Facts {...status} />}
    </section>
  );
}

function Facts(status: CollectorStatus): ReactNode {
  const { store } = status;
  return (
    <dl>
      <div>
        <dt>Collector</dt>
        <dd>
          {status.version}, up since <ClockTime at={status.startedAt} />
        </dd>
      </div>
      <div>
        <dt>Compares</dt>
        <dd className="number">{formatRate(status.callsPerSecond)} calls/s</dd>
      </div>
      <div>
        <dt>Store</dt>
        <dd>
          {store.kind} <Badge tone={store.state === 'ready' ? 'good' : 'high'}>{store.state}</Badge>
          {store.pendingWrites > 0 && ` ${formatPlural(store.pendingWrites, 'write')} waiting`}
        </dd>
      </div>
    </dl>
  );
}
