/** The frame of every page: navigation, banners, the polite live region, the page itself. */
import type { ReactNode } from 'react';
import { OPEN_INCIDENTS, useIncidents } from '../api/queries.ts';
import { useAnnouncement, useFeedHealth } from '../live/live-context.tsx';
import { formatCount } from '../model/format.ts';
import { HelpDialog } from './help-dialog.tsx';
import { NavigationLink } from './links.tsx';
import { StaleBanner } from './stale-banner.tsx';
import { StoreBanner } from './store-banner.tsx';
import { ThemeToggle } from './theme-toggle.tsx';

/** Frame around `children`. */
export function AppShell(props: { children: ReactNode }): ReactNode {
  const live = useFeedHealth().phase === 'live';
  return (
    <div className="shell" {...(!live && { 'data-stale': true })}>
      <a className="skip-link" href="#main">
        Skip to content
      </a>
      <header className="top">
        <NavigationLink to="/" exact className="brand">
          <Mark />
          <span className="brand-name">Lockstep</span>
        </NavigationLink>
        <nav aria-label="Pages" className="pages">
          <NavigationLink to="/" exact>
            Overview
          </NavigationLink>
          <NavigationLink to="/incidents">
            Incidents
            <OpenCount />
          </NavigationLink>
          <NavigationLink to="/alerts">Alerts</NavigationLink>
        </nav>
        <div className="tools">
          <FeedLight />
          <ThemeToggle />
          <HelpDialog />
        </div>
      </header>
      <StaleBanner />
      <StoreBanner />
      <main id="main" tabIndex={-1}>
        {props.children}
      </main>
      <LiveRegion />
    </div>
  );
}

function Mark(): ReactNode {
  return (
    <svg viewBox="0 0 32 32" width="20" height="20" aria-hidden="true" className="mark">
      <path d="M5 9h22M5 16h22M5 23h9" />
      <path className="off" d="M19 23h8" />
    </svg>
  );
}

function OpenCount(): ReactNode {
  const total = useIncidents(OPEN_INCIDENTS).data?.pages[0]?.total ?? 0;
  if (total === 0) return null;
  return (
    <span className="count" data-testid="open-incident-count">
      <span aria-hidden="true">{formatCount(total)}</span>
      <span className="visually-hidden">, {formatCount(total)} open</span>
    </span>
  );
}

function FeedLight(): ReactNode {
  const { phase } = useFeedHealth();
  const live = phase === 'live';
  return (
    <span className={`feed-light ${live ? 'is-live' : 'is-stale'}`} data-testid="feed-state">
      <span aria-hidden="true" className="dot" />
      {live ? 'live' : 'not live'}
    </span>
  );
}

function LiveRegion(): ReactNode {
  const sentence = useAnnouncement();
  return (
    <div className="visually-hidden" aria-live="polite" data-testid="announcer">
      {sentence}
    </div>
  );
}
