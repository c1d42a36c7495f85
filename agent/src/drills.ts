/**
 * Drills on a running service: a payload is loaded as injected code would be. In the leader it is a
 * delivery of its own, which no follower expects; a follower runs it inside its next turn.
 */
import { createRequire } from 'node:module';
import { apiId } from '@lockstep/protocol';
import type { Door } from './core/door.ts';
import type { Inbox } from './transport/index.ts';

const ENTRY = apiId('entry');

/** What loads a payload; its own loading is left out of the comparison. */
export function payload(payloads: Set<string>, file: string): () => void {
  return () => {
    payloads.add(file);
    createRequire(file)(file);
  };
}

/** Loads what the collector asks for, in the leader. */
export function watchDrills(door: Door, inbox: Inbox, payloads: Set<string>): void {
  const source = door.source(ENTRY, 'drill');
  inbox.onArrival(() => {
    for (let item = inbox.take(); item !== null; item = inbox.take()) {
      if (item.type === 'drill') door.deliver(source, 0, undefined, payload(payloads, item.file));
    }
  });
}
