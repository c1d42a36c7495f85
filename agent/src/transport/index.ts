/** The transport: the application thread's side. The thread itself is a bundle of its own, `worker.ts`. */
export { startTransport } from './thread-transport.ts';
export type {
  Inbox,
  InboxItem,
  Outbox,
  Transport,
  TransportOptions,
} from './transport-types.ts';
