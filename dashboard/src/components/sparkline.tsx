/** Calls/s of one replica over the last two minutes; in words for those who do not see it. */
import { type ReactNode, useEffect, useRef } from 'react';
import { plotSparkline } from '../draw/sparkline-plot.ts';
import { useRatePoints } from '../live/live-context.tsx';
import { rateSeries, rateWords } from '../model/rate-history.ts';

const SIZE = { width: 120, height: 24 };

/** A live sparkline. */
export function Sparkline(props: { runId: string; replicaId: string }): ReactNode {
  const points = useRatePoints(props.runId, props.replicaId);
  const element = useRef<HTMLDivElement>(null);
  const plot = useRef<ReturnType<typeof plotSparkline> | null>(null);
  useEffect(() => {
    if (element.current === null) return;
    const created = plotSparkline(element.current, SIZE, rateSeries([]));
    plot.current = created;
    return () => {
      plot.current = null;
      created.end();
    };
  }, []);
  useEffect(() => plot.current?.show(rateSeries(points)), [points]);
  return (
    <div
      ref={element}
      className="sparkline"
      role="img"
      aria-label={`Replica ${props.replicaId}: ${rateWords(points)}`}
    />
  );
}
