/** What an operator looks at: is anything wrong, and is everything compared. */
import type { ReactNode } from 'react';
import { useServices } from '../api/queries.ts';
import { Failure, Notice } from '../components/notice.tsx';
import { OpenIncidents } from '../components/open-incidents.tsx';
import { ServiceSection } from '../components/service-section.tsx';
import { StatusLine } from '../components/status-line.tsx';
import { useTitle } from '../hooks/use-title.ts';

/** The page at `/`. */
export function OverviewPage(): ReactNode {
  useTitle('Overview');
  return (
    <div className="page overview">
      <h1 className="visually-hidden">Overview</h1>
      <StatusLine />
      <OpenIncidents />
      <Services />
    </div>
  );
}

function Services(): ReactNode {
  const query = useServices();
  if (query.data === undefined) {
    return query.error === null ? (
      <Notice>Loading…</Notice>
    ) : (
      <Failure error={query.error} onRetry={() => void query.refetch()} />
    );
  }
  if (query.data.length === 0) {
    return (
      <section className="first-steps" aria-label="First steps">
        <h2>No service yet</h2>
        <p>Put Lockstep in front of one:</p>
        <pre>
          <code>lockstep run --service NAME -- node server.js</code>
        </pre>
      </section>
    );
  }
  return query.data.map((service) => <ServiceSection key={service.name} service={service} />);
}
