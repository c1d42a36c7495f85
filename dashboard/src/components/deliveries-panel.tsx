/** The chain of deliveries from the root, such as an inbound request, to the divergent turn. */
import type { DeliveryView, IncidentDetail } from '@lockstep/protocol';
import type { ReactNode } from 'react';
import { formatCount } from '../model/format.ts';
import { Notice } from './notice.tsx';
import { Panel } from './panel.tsx';

/** The chain, root first. */
export function DeliveriesPanel({ incident }: { incident: IncidentDetail }): ReactNode {
  const { deliveries } = incident;
  return (
    <Panel title="How it came to this">
      {deliveries.length === 0 ? (
        <Notice>The chain of deliveries is not known.</Notice>
      ) : (
        <ol className="chain" data-testid="delivery-chain">
          {deliveries.map((delivery, index) => (
            <Delivery
              key={`${delivery.turn}:${delivery.api}`}
              delivery={delivery}
              place={placeOf(index, deliveries.length)}
            />
          ))}
        </ol>
      )}
    </Panel>
  );
}

type Place = 'root' | 'between' | 'divergence' | 'only';

function placeOf(index: number, length: number): Place {
  if (length === 1) return 'only';
  if (index === 0) return 'root';
  return index === length - 1 ? 'divergence' : 'between';
}

const PLACE_WORDS: Readonly<Record<Place, string | null>> = {
  root: 'root',
  between: null,
  divergence: 'divergent turn',
  only: 'root and divergent turn',
};

function Delivery({ delivery, place }: { delivery: DeliveryView; place: Place }): ReactNode {
  const words = PLACE_WORDS[place];
  return (
    <li className={`is-${place}`}>
      <span className="muted number">turn {formatCount(delivery.turn)}</span>{' '}
      <code>{delivery.api}</code>
      {words !== null && <span className="chain-place">{words}</span>}
      {delivery.label !== null && <code className="chain-label">{delivery.label}</code>}
    </li>
  );
}
