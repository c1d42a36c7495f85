/** Options and small helpers that every test of the transport needs. */
import {
  ByteSink,
  beginDelivery,
  CanonicalWriter,
  endEntry,
  Isolation,
  Role,
} from '@lockstep/protocol';
import type { TransportOptions } from '../../../src/transport/index.ts';

const RUN_ID = '00112233445566778899aabbccddeeff';

/** Options of a leader; `more` overrides. */
export function replicaOptions(
  workerFile: string,
  url: string,
  more: Partial<TransportOptions> = {},
): TransportOptions {
  return {
    workerFile,
    url,
    role: Role.leader,
    service: 'shop',
    runId: RUN_ID,
    replica: 'a',
    logName: 'main',
    variant: 'default',
    isolation: Isolation.none,
    drill: false,
    launcherSocket: false,
    secrets: { version: 1, runId: RUN_ID, seed: '5a'.repeat(32), token: 'token-a' },
    strong: false,
    memoryBytes: 64 * 1024 * 1024,
    evidenceBytes: 16 * 1024 * 1024,
    spoolBytes: 256 * 1024 * 1024,
    redact: [],
    ...more,
  };
}

/** A setting and coverage that say nothing. */
export const nothing = { hooked: 0, unhooked: [], notFollowed: [] } as const;

/** Canonical bytes of a value. */
export function canonical(value: unknown): Uint8Array {
  const sink = new ByteSink();
  new CanonicalWriter(sink).write(value);
  return sink.bytes().slice();
}

/** A delivery entry whose payload is `payload`. */
export function delivery(api: number, payload: Uint8Array): Uint8Array {
  const sink = new ByteSink();
  const at = beginDelivery(sink, 0, api, 1, 2, 0, 1, 0);
  sink.raw(payload);
  endEntry(sink, at);
  return sink.bytes().slice();
}

/** Bytes that do not shrink; the same ones each time. */
export function noise(length: number): Uint8Array {
  const random = randomNumbers(1);
  return Uint8Array.from({ length }, () => random(256));
}

/** Numbers below a bound, from a seed (xorshift). */
export function randomNumbers(seed: number): (below: number) => number {
  let state = seed | 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}
