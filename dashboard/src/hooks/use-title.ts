/** The document's title: where the reader is, and how many incidents wait. */
import { useEffect } from 'react';
import { OPEN_INCIDENTS, useIncidents } from '../api/queries.ts';

/** Sets the title while the page is shown. */
export function useTitle(page: string): void {
  const open = useIncidents(OPEN_INCIDENTS).data?.pages[0]?.total ?? 0;
  useEffect(() => {
    document.title = `${open > 0 ? `(${open}) ` : ''}${page} · Lockstep`;
  }, [open, page]);
}
