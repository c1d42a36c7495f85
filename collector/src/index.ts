export { type Clock, systemClock } from './clock.ts';
export {
  type Collector,
  type CollectorOptions,
  createCollector,
  type ListenOn,
} from './collector.ts';
export { type ErrorCode, errorTable } from './errors.ts';
export { defaultLimits, type Limits } from './limits.ts';
export type {
  AuditEntry,
  Counter,
  JudgedIncident,
  ListPage,
  ListQuery,
  ModelChange,
  RunModel,
  RunOutcome,
  Store,
} from './ports.ts';
export type { DrillAnswer } from './runs/drill.ts';
export { openStore, type StoreOptions } from './store/open-store.ts';
