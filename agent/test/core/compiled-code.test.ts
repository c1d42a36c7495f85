import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { compileCode, keptFile, sealKept } from '../../src/compiled/compiled-code.ts';

/** Sources of one length: V8 itself would not tell them apart. */
const SOURCES = ['(function () { return 1; })', '(function () { return 2; })'] as const;

let folder = '';
let file = '';

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-compiled-'));
  file = path.join(folder, 'some.code.js');
  keep(SOURCES[0]);
});

afterEach(() => fs.rmSync(folder, { recursive: true }));

function keep(text: string): void {
  fs.writeFileSync(file, text);
  const { script, source } = compileCode(file, file);
  run(script);
  fs.writeFileSync(keptFile(file), sealKept(source, script.createCachedData()));
}

function run(script: ReturnType<typeof compileCode>['script']): number {
  return (script.runInThisContext() as () => number)();
}

function change(at: (bytes: Buffer) => number): void {
  const bytes = fs.readFileSync(keptFile(file));
  const index = at(bytes);
  bytes[index] = (bytes[index] ?? 0) ^ 1;
  fs.writeFileSync(keptFile(file), bytes);
}

describe('compiled code that was kept', () => {
  test('is used for the bytes that it was made of', () => {
    const { script, isKept } = compileCode(file, file);
    expect([isKept, run(script)]).toEqual([true, 1]);
  });

  test('is not used for other code of the same length', () => {
    fs.writeFileSync(file, SOURCES[1]);
    const { script, isKept } = compileCode(file, file);
    expect([isKept, run(script)]).toEqual([false, 2]);
  });

  test.each([
    ['its first byte', () => 0],
    ['its middle', (bytes: Buffer) => bytes.length >> 1],
    ['its last byte', (bytes: Buffer) => bytes.length - 1],
  ])('is not used when one bit is flipped in %s', (_where, at) => {
    change(at);
    const { script, isKept } = compileCode(file, file);
    expect([isKept, run(script)]).toEqual([false, 1]);
  });

  test.each([0, 1, 31, 32, 33, 100])('is not used when only %i bytes of it are there', (length) => {
    fs.truncateSync(keptFile(file), length);
    const { script, isKept } = compileCode(file, file);
    expect([isKept, run(script)]).toEqual([false, 1]);
  });

  test('is not missed when there is none', () => {
    fs.rmSync(keptFile(file));
    const { script, isKept } = compileCode(file, file);
    expect([isKept, run(script)]).toEqual([false, 1]);
  });
});

test('code runs under the name that it is given', () => {
  fs.writeFileSync(file, '(function () { throw new Error("here"); })');
  const { script } = compileCode(file, '/agent/register.cjs');
  expect(() => run(script)).toThrow(
    expect.objectContaining({ stack: expect.stringContaining('/agent/register.cjs:1') as string }),
  );
});
