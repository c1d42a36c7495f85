/**
 * What the service works with stays between its replicas: who reads the network, the collector's memory or
 * its disk finds no plain byte of it, and who changes or repeats the log on its way is refused and named.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Collector } from '../support/collector.ts';
import { load } from '../support/load.ts';
import { foundInMemory } from '../support/proc.ts';
import {
  type Change,
  frameNumber,
  isLogFrame,
  ReadingNetwork,
} from '../support/reading-network.ts';
import { Service } from '../support/service.ts';
import { until } from '../support/wait.ts';
import { Workspace } from '../support/workspace.ts';

const REQUESTS = 100;

let workspace: Workspace;
let collector: Collector;
let network: ReadingNetwork;
beforeEach(async () => {
  workspace = new Workspace();
  collector = await Collector.start(workspace);
  network = await ReadingNetwork.start(collector.url);
});
afterEach(async () => {
  await workspace.dispose();
  await network.stop();
});

/** A text as it could be met: as it is, and in the spellings that programs and protocols give texts. */
function spellings(text: string): readonly Buffer[] {
  const bytes = Buffer.from(text);
  return [
    bytes,
    Buffer.from(text, 'utf16le'),
    Buffer.from(bytes.toString('hex')),
    // Without the last characters, which depend on what follows.
    Buffer.from(bytes.toString('base64').slice(0, -4)),
  ];
}

function filesUnder(folder: string): readonly Buffer[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)));
}

it('nobody but the replicas has a plain byte of what the service works with', async () => {
  const secret = `kept-${randomBytes(12).toString('hex')}-kept`;
  const texts = spellings(secret);
  mkdirSync(join(workspace.folder, 'keeper'));
  writeFileSync(join(workspace.folder, 'keeper', 'kept'), secret);
  const service = await Service.start(workspace, collector, {
    name: 'keeper',
    program: 'keeper.cjs',
    env: { KEEPER_SECRET: secret },
    collectorUrl: network.url,
  });
  await service.isProtected();
  for (let count = 0; count < REQUESTS; count++) {
    const response = await fetch(service.url, {
      method: 'POST',
      headers: { authorization: secret },
      body: secret,
    });
    expect(await response.json()).toEqual({ body: secret, text: secret, header: secret });
  }
  const run = await service.caughtUp();
  expect(run.matched).toBeGreaterThan(REQUESTS * 5);

  // Each look is shown to be one that would have found it.
  const known = Buffer.from('keeper');
  expect(foundInMemory(await service.pid('b'), texts)).toContain(texts[0]);
  expect(foundInMemory(collector.pid, [...texts, known])).toEqual([known]);
  for (const bytes of [network.seen, filesUnder(join(workspace.folder, 'store'))]) {
    const all = Buffer.concat(bytes);
    expect(all.includes(known)).toBe(true);
    expect(texts.filter((text) => all.includes(text))).toEqual([]);
  }
});

/** The same bytes, one bit in the middle another. */
function withOtherBit(bytes: Buffer): Buffer {
  const other = Buffer.from(bytes);
  const at = other.length >> 1;
  other.writeUInt8(other.readUInt8(at) ^ 1, at);
  return other;
}

/** Does something once, to the first log frame that goes there after a few. */
function once(towards: string, act: (frame: Buffer, earlier: Buffer) => readonly Buffer[]): Change {
  let earlier: Buffer | null = null;
  let done = false;
  return (bytes, to) => {
    if (to !== towards || !isLogFrame(bytes) || done) return [bytes];
    if (earlier === null || frameNumber(bytes) <= frameNumber(earlier)) {
      earlier ??= bytes;
      return [bytes];
    }
    done = true;
    return act(bytes, earlier);
  };
}

/** An earlier frame under the number of the next. */
function renumbered(frame: Buffer, earlier: Buffer): Buffer {
  const forged = Buffer.from(earlier);
  frame.copy(forged, 8, 8, 16);
  return forged;
}

describe('a log frame', () => {
  async function served(change: Change): Promise<Service> {
    const service = await Service.start(workspace, collector, {
      name: 'service',
      collectorUrl: network.url,
    });
    await service.isProtected();
    network.change = change;
    const { failed } = await load(workspace, service.url, REQUESTS);
    expect(failed).toBe(0);
    return service;
  }

  async function refusals(): Promise<readonly string[]> {
    const alerts = await until('an alert is raised', async () => {
      const found = await collector.alerts('service');
      return found.length > 0 && found;
    });
    expect(new Set(alerts.map(({ kind }) => kind))).toEqual(new Set(['unprotected']));
    return alerts.map(({ summary }) => summary);
  }

  it.each([
    { what: 'changed on its way to the collector', towards: 'collector' },
    { what: 'changed on its way to a follower', towards: 'agent' },
  ])('$what is refused, the run says so, and no request notices', async ({ towards }) => {
    await served(once(towards, (frame) => [withOtherBit(frame)]));
    expect((await refusals()).join()).toMatch(/a frame of the log was refused/);
  });

  it('repeated under another number is refused, and the run says so', async () => {
    await served(once('agent', (frame, earlier) => [renumbered(frame, earlier), frame]));
    expect((await refusals()).join()).toMatch(/a frame of the log was refused/);
  });

  it('repeated as it was changes nothing', async () => {
    let repeats = 0;
    const service = await served((bytes, towards) => {
      if (towards !== 'agent' || !isLogFrame(bytes)) return [bytes];
      repeats++;
      return [bytes, bytes];
    });
    const run = await service.caughtUp();
    expect(repeats).toBeGreaterThan(2);
    expect(run).toMatchObject({ state: 'protected', noise: 0 });
    expect(await collector.alerts('service')).toEqual([]);
  });
});
