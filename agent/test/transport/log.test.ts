import { apiId, type CollectorFrame, FRAME_HEADER_BYTES, Reason, Role } from '@lockstep/protocol';
import { describe, expect, it } from 'vitest';
import { canonical, delivery } from './support/replica.ts';
import { items, plainBytes, type Run, useRun } from './support/run.ts';
import { until } from './support/until.ts';

const api = apiId('fs.readFile');
const follower = { role: Role.follower, replica: 'b' } as const;

/** Has a leader seal `count` frames, one entry each. */
async function sealed(run: Run, count: number, payload = 'entry'): Promise<Buffer[]> {
  const leader = run.start();
  const frames = run.collector.log;
  for (let i = 0; i < count; i++) {
    leader.outbox.logEntry(delivery(api, canonical(`${payload} ${i}`)));
    leader.outbox.flush(i + 1);
    await until('a sealed frame', () => frames.length === i + 1);
  }
  leader.outbox.end(0, true);
  await until('bye', () => run.collector.said('bye').length === 1);
  return frames.slice();
}

/** Relays `frames` to each follower from where it says it stands. */
function relay(run: Run, frames: readonly Buffer[]): void {
  run.collector.greet = (socket, hello) => {
    run.collector.welcome(socket);
    if (hello.role !== Role.follower) return;
    for (const frame of frames.slice(hello.positions[0]?.logFrames ?? 0)) socket.send(frame);
  };
}

describe('log frames', () => {
  const run = useRun();

  it('end the follower when one byte of the cipher text was changed', async () => {
    const frames = await sealed(run, 3);
    const forged = Buffer.from(frames[1] ?? []);
    forged[FRAME_HEADER_BYTES + 3] = (forged[FRAME_HEADER_BYTES + 3] ?? 0) ^ 1;
    relay(run, [frames[0] ?? forged, forged, frames[2] ?? forged]);
    const taken = await items(run.start(follower), 2);
    expect(taken.map(({ type }) => type)).toEqual(['entries', 'end']);
    expect(taken[1]).toMatchObject({ code: Reason.logRefused });
    await until('stopped', () => run.collector.said('stopped').length === 1);
    expect(run.collector.said('stopped')[0]).toMatchObject({ code: Reason.logRefused });
  });

  it('end the follower when one byte of the header was changed', async () => {
    const [frame] = await sealed(run, 1);
    const forged = Buffer.from(frame ?? []);
    forged[16] = 2; // The count of entries.
    relay(run, [forged]);
    const taken = await items(run.start(follower), 1);
    expect(taken[0]).toMatchObject({ type: 'end', code: Reason.logRefused });
  });

  it('are refused with another seed', async () => {
    relay(run, await sealed(run, 1));
    const { secrets } = {
      secrets: { version: 1 as const, runId: '00112233445566778899aabbccddeeff' },
    };
    const other = { ...secrets, seed: 'a5'.repeat(32), token: 't' };
    const taken = await items(run.start({ ...follower, secrets: other }), 1);
    expect(taken[0]).toMatchObject({ type: 'end', code: Reason.logRefused });
  });

  it('are taken once when the collector repeats them', async () => {
    const frames = await sealed(run, 3);
    relay(
      run,
      frames.flatMap((frame, i) => [frame, ...frames.slice(0, i + 1)]),
    );
    const transport = run.start(follower);
    const taken = await items(transport, 3);
    run.collector.say({ type: 'log-closed', stream: 0, frames: 3, clean: true });
    expect(await items(transport, 1)).toEqual([{ type: 'closed', clean: true }]);
    expect(taken.map((item) => item.type === 'entries' && item.turnBase)).toEqual([0, 1, 2]);
  });

  it('are asked for again after a hole', async () => {
    const frames = await sealed(run, 3);
    const [first, , third] = frames;
    let sent: readonly (Buffer | undefined)[] = [first, third];
    run.collector.greet = (socket, hello) => {
      run.collector.welcome(socket);
      for (const frame of sent) socket.send(frame ?? '');
      sent = frames.slice(hello.positions[0]?.logFrames).slice(1);
    };
    const taken = await items(run.start(follower), 3);
    expect(taken.map((item) => item.type === 'entries' && item.turnBase)).toEqual([0, 1, 2]);
    expect(run.collector.hellos.at(-1)).toMatchObject({
      connection: 2,
      positions: [{ logFrames: 1 }],
    });
  });

  it('are compressed when that helps and read back as they were', async () => {
    const frames = await sealed(run, 1, 'long and repeated '.repeat(1000));
    expect(frames[0]?.length).toBeLessThan(2000);
    relay(run, frames);
    const taken = await items(run.start(follower), 1);
    expect(plainBytes(taken).includes('long and repeated long and repeated')).toBe(true);
  });

  it('stop coming while too much waits for the application thread', async () => {
    const frames = await sealed(run, 1, 'x'.repeat(4_000_000));
    const leader = run.start();
    for (let i = 0; i < 9; i++) {
      leader.outbox.logEntry(delivery(api, canonical(`${i}`.repeat(4_000_000))));
    }
    leader.outbox.flush(9);
    await until('ten frames', () => run.collector.log.length === 9);
    expect(frames).toHaveLength(1);
    relay(run, run.collector.log.slice());
    const transport = run.start(follower);
    let arrived = 0;
    transport.inbox.onArrival(() => {
      arrived++;
    });
    await until('the first frames', () => arrived >= 3);
    // What is paused stays paused: a request sent now is answered only once something was taken.
    run.collector.say({ type: 'evidence-request', requestId: 1, stream: 0, calls: [] });
    transport.outbox.flush(1);
    await until('a sign of life', () => run.collector.finishedTurns >= 1);
    expect(run.collector.said('evidence')).toHaveLength(0);
    expect(arrived).toBeLessThan(6);
    expect(await items(transport, 9)).toHaveLength(9);
    await until('the answer', () => run.collector.said('evidence').length === 1);
  });

  it('make a blocked wait return', async () => {
    const frames = await sealed(run, 1);
    const transport = run.start(follower);
    await until('hello', () => run.collector.hellos.length === 2);
    for (const frame of frames) run.collector.socket?.send(frame);
    // This thread also runs the collector: what it has sent leaves while it blocks.
    await new Promise(setImmediate);
    const before = performance.now();
    transport.inbox.wait(5000);
    expect(performance.now() - before).toBeLessThan(4000);
    expect(transport.inbox.take()).toMatchObject({ type: 'entries', count: 1 });
    expect(transport.inbox.take()).toBeNull();
  });
});

describe('commands', () => {
  const run = useRun();

  const commands: readonly CollectorFrame[] = [
    { type: 'drill', file: '/tmp/payload.cjs' },
    { type: 'end', code: Reason.setupMismatch, detail: 'argv differs' },
  ];

  it.each(commands)('of type $type reach the application thread', async (frame) => {
    const transport = run.start(follower);
    await until('hello', () => run.collector.hellos.length === 1);
    let called = 0;
    transport.inbox.onArrival(() => {
      called++;
    });
    run.collector.say(frame);
    // Called by the port's own event, although nobody asked the inbox.
    await until('the call', () => called === 1);
    expect(transport.inbox.take()).toEqual(frame);
  });

  it('that came before anybody listened are announced to who listens', async () => {
    const transport = run.start(follower);
    await until('hello', () => run.collector.hellos.length === 1);
    run.collector.say({ type: 'drill', file: '/tmp/early.cjs' });
    run.collector.say({ type: 'evidence-request', requestId: 1, stream: 0, calls: [] });
    await until('the answer that follows it', () => run.collector.said('evidence').length === 1);
    let called = 0;
    transport.inbox.onArrival(() => {
      called++;
    });
    expect(called).toBe(0);
    await until('the call', () => called > 0);
    expect(transport.inbox.take()).toMatchObject({ file: '/tmp/early.cjs' });
  });
});
