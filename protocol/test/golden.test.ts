import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  apiName,
  ByteSource,
  decodeCanonical,
  decodeEntry,
  parseAgentFrame,
  parseCollectorFrame,
  parseLauncherFrame,
  parseLauncherReply,
  RecordBatch,
} from '../src/index.ts';
import { decoded, evidence, hex } from './support/bytes.ts';
import { goldenFiles, goldenFolder } from './support/golden.ts';
import { canonicalSamples, records, strongRecords, valueSamples } from './support/samples.ts';

const golden = (name: string): Buffer => readFileSync(new URL(name, goldenFolder));
const files = await goldenFiles();

describe('golden files of version 1', () => {
  it.each([...files.keys()])('[VR5] %s is written as it was recorded', (name) => {
    expect(hex(files.get(name) ?? Buffer.alloc(0))).toBe(hex(golden(name)));
  });

  it('[VR5] every recorded file has a sample', () => {
    const recorded = readdirSync(goldenFolder).filter((name) => name !== 'apis.json');
    expect(new Set(recorded)).toEqual(new Set(files.keys()));
  });

  it.each(Object.keys(canonicalSamples))('[VR5] canonical-%s.bin reads as its sample', (name) => {
    const tree = decodeCanonical(golden(`canonical-${name}.bin`));
    expect(tree).toEqual(evidence(canonicalSamples[name]));
  });

  it.each(Object.keys(valueSamples))('[VR5] value-%s.bin gives back its sample', (name) => {
    expect(decoded(golden(`value-${name}.bin`))).toEqual(valueSamples[name]);
  });

  it('[VR5] value-error.bin gives back its error', () => {
    const error = decoded(golden('value-error.bin')) as Error;
    expect(error).toBeInstanceOf(RangeError);
    expect(error).toMatchObject({ message: 'too far', code: 'ERR_FAR', errno: -34 });
  });

  it('[VR5] batches give back their records', () => {
    for (const [name, expected] of [
      ['frame-records.bin', records],
      ['frame-records-strong.bin', strongRecords],
    ] as const) {
      const batch = RecordBatch.decode(golden(name));
      expect(expected.map((_, i) => batch.select(i).record())).toEqual(expected);
    }
  });

  it('[VR5] entries are read as what they are', () => {
    const kindOf = (name: string): number => {
      const source = new ByteSource(golden(`entry-${name}.bin`));
      return decodeEntry(new ByteSource(source.raw(source.u32())), 6).kind;
    };
    const names = [
      'delivery',
      'delivery-joined',
      'value',
      'value-threw',
      'flush',
      'not-followed',
      'end',
    ];
    expect(names.map(kindOf)).toEqual([1, 1, 2, 2, 3, 5, 4]);
  });

  const parsers = {
    agent: parseAgentFrame,
    collector: parseCollectorFrame,
    launcher: parseLauncherFrame,
    reply: parseLauncherReply,
  };
  const controls = [...files.keys()].filter((name) => name.startsWith('control-'));

  it.each(controls)('[VR5] %s is accepted and loses nothing', (name) => {
    const text = golden(name).toString();
    const parse = parsers[name.split('-')[1] as keyof typeof parsers];
    expect(parse(text)).toEqual({ ok: true, frame: JSON.parse(text) });
  });

  it('[VR4] no recorded API number has another name', () => {
    const recorded = JSON.parse(golden('apis.json').toString()) as [number, string][];
    expect(recorded.length).toBeGreaterThan(300);
    expect(recorded.map(([id]) => [id, apiName(id)])).toEqual(recorded);
  });
});
