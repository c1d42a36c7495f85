/** A titled section of a page; the title names the landmark. */
import { type ReactNode, useId } from 'react';

/** A section. */
export function Panel(props: {
  title: string;
  aside?: ReactNode;
  className?: string;
  children: ReactNode;
}): ReactNode {
  const id = useId();
  return (
    <section className={`panel ${props.className ?? ''}`} aria-labelledby={id}>
      <div className="section-head">
        <h2 id={id}>{props.title}</h2>
        {props.aside}
      </div>
      {props.children}
    </section>
  );
}
