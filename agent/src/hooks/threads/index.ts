/** Threads: ports and channels, workers, and the memory that they share. */
import type { HookContext } from '../../core/hook-context.ts';
import { hookBroadcast } from './broadcast.ts';
import { hookLoaderThread } from './loader-hooks.ts';
import { Ports } from './ports.ts';
import { hookSharedMemory } from './shared-memory.ts';
import { hookStructuredClone } from './structured-clone.ts';
import { hookWorkers } from './worker.ts';

/** Replaces what brings messages in from other threads, and from this one. */
export function hookThreads(context: HookContext): void {
  const ports = new Ports(context);
  ports.hookChannels(context);
  hookBroadcast(context, ports);
  hookStructuredClone(context, ports);
  hookWorkers(context, ports);
  hookLoaderThread(context, ports);
  hookSharedMemory(context);
}
