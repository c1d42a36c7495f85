/**
 * Numbers for Prometheus. A registry of its own, for several collectors may live in one process (in
 * tests they do); the model's counters are read when somebody asks, never pushed.
 */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Counter as ModelCounter } from '../ports.ts';
import type { HttpContext } from './context.ts';

/** Seconds a request may take, as the histogram's buckets see it. */
const REQUEST_BUCKETS = [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10];

/** The collector's metrics. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #context: HttpContext;
  readonly #requests: Histogram<'method' | 'route' | 'status'>;

  constructor(context: HttpContext, liveClients: () => number) {
    this.#context = context;
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    this.#requests = new Histogram({
      name: 'lockstep_http_request_seconds',
      help: 'Time from a request to its answer.',
      labelNames: ['method', 'route', 'status'],
      buckets: REQUEST_BUCKETS,
      registers,
    });
    this.#gauge('lockstep_store_ready', '1 while the store answers.', () =>
      Number(context.buffer.status().state === 'ready'),
    );
    this.#gauge(
      'lockstep_store_pending_writes',
      'Writes that wait for the store.',
      () => context.buffer.status().pendingWrites,
    );
    this.#gauge('lockstep_live_clients', 'Open connections to the live feed.', liveClients);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** Counts one answered request. */
  observe(labels: { method: string; route: string; status: number }, seconds: number): void {
    this.#requests.observe(labels, seconds);
  }

  /** Everything in Prometheus' text format. */
  async text(): Promise<string> {
    const counters = modelRegistry(this.#context.model.counters());
    return Registry.merge([this.#registry, counters]).metrics();
  }

  #gauge(name: string, help: string, read: () => number): void {
    const gauge: Gauge = new Gauge({
      name,
      help,
      registers: [this.#registry],
      collect: () => gauge.set(read()),
    });
  }
}

function modelRegistry(counters: readonly ModelCounter[]): Registry {
  const registry = new Registry();
  const byName = new Map<string, Counter>();
  for (const { name, help, labels, value } of counters) {
    const labelNames = labelNamesOf(counters, name);
    const known = byName.get(name);
    const counter = known ?? new Counter({ name, help, labelNames, registers: [registry] });
    byName.set(name, counter);
    counter.inc(labels, value);
  }
  return registry;
}

function labelNamesOf(counters: readonly ModelCounter[], name: string): string[] {
  const named = counters.filter((counter) => counter.name === name);
  return [...new Set(named.flatMap((counter) => Object.keys(counter.labels)))];
}
