/** A box that scrolls, and can be reached and scrolled by keys. */
import type { ReactNode } from 'react';

/** Scrolls what does not fit. */
export function ScrollBox(props: {
  label: string;
  className: string;
  children: ReactNode;
}): ReactNode {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keys.
    <section className={props.className} tabIndex={0} aria-label={props.label}>
      {props.children}
    </section>
  );
}
