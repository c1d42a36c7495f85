/** Starts the dashboard: theme before the first paint, then cache, live feed and router. */
import { QueryClientProvider } from '@tanstack/react-query';
// biome-ignore lint/correctness/noUnresolvedImports: React's types do export it; the rule does not see it.
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import 'uplot/dist/uPlot.min.css';
import './styles/index.css';
import { createQueryClient } from './api/queries.ts';
import { applyTheme } from './components/theme-toggle.tsx';
import { readStored } from './hooks/use-stored.ts';
import { createLive, LiveProvider } from './live/live-context.tsx';
import { parseTheme, THEME_KEY } from './model/theme.ts';
import { AppRouter } from './router.tsx';

applyTheme(parseTheme(readStored(THEME_KEY)));

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with the id "root"');

const client = createQueryClient();
const live = createLive(client);

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <LiveProvider live={live}>
        <AppRouter />
      </LiveProvider>
    </QueryClientProvider>
  </StrictMode>,
);
