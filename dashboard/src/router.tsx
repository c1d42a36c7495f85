/** Paths of the dashboard and what they show. Pages get plain values, so they know no router. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  Outlet,
  RouterProvider,
  useNavigate,
} from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { AppShell } from './components/app-shell.tsx';
import { NavigationLink } from './components/links.tsx';
import {
  parseAlertSearch,
  parseIncidentSearch,
  parseSearch,
  stringifySearch,
} from './model/list-search.ts';
import { AlertsPage } from './pages/alerts-page.tsx';
import { IncidentPage } from './pages/incident-page.tsx';
import { IncidentsPage } from './pages/incidents-page.tsx';
import { OverviewPage } from './pages/overview-page.tsx';

const rootRoute = createRootRoute({
  component: () => (
    <AppShell>
      <Outlet />
    </AppShell>
  ),
  notFoundComponent: () => (
    <div className="page">
      <h1>No such page</h1>
      <p>
        Go to the{' '}
        <NavigationLink to="/" exact>
          overview
        </NavigationLink>
        .
      </p>
    </div>
  ),
});

const overviewRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  component: OverviewPage,
});

const incidentsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/incidents',
  validateSearch: parseIncidentSearch,
  component: IncidentsRoute,
});

function IncidentsRoute(): ReactNode {
  const navigate = useNavigate();
  return (
    <IncidentsPage
      search={incidentsRoute.useSearch()}
      onSearch={(search) =>
        void navigate({ to: '/incidents', search: parseIncidentSearch(search), replace: true })
      }
      onOpen={({ id }) =>
        void navigate({ to: '/incidents/$incidentId', params: { incidentId: id }, search: {} })
      }
    />
  );
}

const alertsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/alerts',
  validateSearch: parseAlertSearch,
  component: AlertsRoute,
});

function AlertsRoute(): ReactNode {
  const navigate = useNavigate();
  return (
    <AlertsPage
      search={alertsRoute.useSearch()}
      onSearch={(search) =>
        void navigate({ to: '/alerts', search: parseAlertSearch(search), replace: true })
      }
      onOpen={({ id, incidentId }) =>
        void navigate({
          to: '/incidents/$incidentId',
          params: { incidentId },
          search: { alert: id },
        })
      }
    />
  );
}

interface IncidentPageSearch {
  readonly alert?: string;
}

const incidentRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/incidents/$incidentId',
  validateSearch: (raw: { readonly alert?: unknown }): IncidentPageSearch =>
    typeof raw.alert === 'string' && raw.alert !== '' ? { alert: raw.alert } : {},
  component: IncidentRoute,
});

function IncidentRoute(): ReactNode {
  const navigate = useNavigate();
  const { incidentId } = incidentRoute.useParams();
  return (
    <IncidentPage
      key={incidentId}
      incidentId={incidentId}
      alertId={incidentRoute.useSearch().alert}
      onOpenAlert={({ id }) =>
        void navigate({
          to: '/incidents/$incidentId',
          params: { incidentId },
          search: { alert: id },
        })
      }
    />
  );
}

const router = createRouter({
  routeTree: rootRoute.addChildren([overviewRoute, incidentsRoute, alertsRoute, incidentRoute]),
  parseSearch,
  stringifySearch,
  scrollRestoration: true,
});

/** The routed application. */
export function AppRouter(): ReactNode {
  return <RouterProvider router={router} />;
}
