/**
 * The agent's code as V8 compiled it once, kept beside the code. Compiling half a megabyte anew is a fifth of
 * what the agent costs at a start. What is kept is used only if it was made of these very bytes and is
 * whole (V8 itself compares no more than the source's length) and if V8 accepts it: it knows its own
 * version and flags. Otherwise the code is compiled as any other.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import vm from 'node:vm';

/** What Node gives a CommonJS module. */
export type ModuleFunction = (
  exports: object,
  require: NodeJS.Require,
  module: object,
  filename: string,
  dirname: string,
) => void;

/** Code ready to run. */
export interface CompiledCode {
  readonly script: vm.Script;
  /** V8 took what was kept. */
  readonly isKept: boolean;
  readonly source: Buffer;
}

const HASH = 'sha256';
const HASH_BYTES = 32;

/** Where the compiled form of `file` lies for this version of V8 and this machine. */
export function keptFile(file: string): string {
  return `${file}.${process.versions.v8}-${process.arch}.kept`;
}

/**
 * Compiles `file` under the name `name`: one `ModuleFunction` as an expression, in ASCII. Throws what
 * reading and compiling throw.
 */
export function compileCode(file: string, name: string): CompiledCode {
  const source = fs.readFileSync(file);
  const cachedData = readKept(file, source);
  const options = cachedData === undefined ? {} : { cachedData };
  const script = new vm.Script(source.toString('latin1'), { filename: name, ...options });
  return { script, isKept: script.cachedDataRejected === false, source };
}

/** What `keptFile` holds for code that was compiled from `source`. */
export function sealKept(source: Buffer, compiled: Buffer): Buffer {
  return Buffer.concat([hashOf(source, compiled), compiled]);
}

function readKept(file: string, source: Buffer): Buffer | undefined {
  let sealed: Buffer;
  try {
    sealed = fs.readFileSync(keptFile(file));
  } catch {
    return undefined; // none for this Node
  }
  const compiled = sealed.subarray(HASH_BYTES);
  const isWhole = sealed.subarray(0, HASH_BYTES).equals(hashOf(source, compiled));
  return isWhole ? compiled : undefined;
}

function hashOf(source: Buffer, compiled: Buffer): Buffer {
  return createHash(HASH).update(source).update(compiled).digest();
}
