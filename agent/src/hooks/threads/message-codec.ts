/**
 * How a message between threads travels in the log: as V8 itself copies it, so that cycles, shared parts,
 * errors and typed arrays come out as they did in the leader. Ports go by number, shared memory by what
 * stood in it. Objects of Node's that only a port can carry (keys, blobs, streams) would come out as
 * plain ones: they are refused, and the message ends following.
 */
import { builtin } from '../builtin.ts';
import { partsOf } from './transfers.ts';

/** What came out of a port: the data, and the ports that came with it. */
export class Message {
  readonly data: unknown;
  readonly ports: readonly unknown[];

  constructor(data: unknown, ports: readonly unknown[] = []) {
    this.data = data;
    this.ports = ports;
  }
}

/** Ports by the number under which they came to this thread. */
export interface PortNumbers {
  /** Null for what is no port. */
  numberOf(value: object): number | null;
  portOf(number: number): object;
}

/** A message in the log. */
interface Fields {
  readonly bytes: Uint8Array;
  readonly ports: readonly number[];
  /** What stood in shared memory when the message arrived. */
  readonly shared: readonly Uint8Array[];
}

/** Writes and reads messages of one thread. */
export interface MessageCodec {
  dismantle(message: Message): unknown;
  assemble(fields: unknown): Message;
}

/** Made once a thread, for the classes of `v8` are loaded only then. */
export function messageCodec(numbers: PortNumbers): MessageCodec {
  const Writer = writerClass(numbers);
  const Reader = readerClass(numbers);
  return {
    dismantle: ({ data, ports }) => {
      checkClasses(data, numbers, new Set());
      const writer = new Writer();
      writer.writeHeader();
      writer.writeValue(data);
      const numbered = ports.map((port) => numbers.numberOf(port as object) ?? -1);
      return { bytes: writer.releaseBuffer(), ports: numbered, shared: writer.shared };
    },
    assemble: (fields) => {
      const { bytes, ports, shared } = fields as Fields;
      const reader = new Reader(bytes);
      for (const [id, content] of shared.entries()) {
        reader.transferArrayBuffer(id, sharedCopy(content) as unknown as ArrayBuffer);
      }
      reader.readHeader();
      const data: unknown = reader.readValue();
      return new Message(
        data,
        ports.map((number) => numbers.portOf(number)),
      );
    },
  };
}

interface MessageWriter extends InstanceType<typeof import('node:v8').Serializer> {
  readonly shared: Uint8Array[];
}

function writerClass(numbers: PortNumbers): new () => MessageWriter {
  return class extends builtin('v8').Serializer implements MessageWriter {
    readonly shared: Uint8Array[] = [];

    _writeHostObject(value: object): void {
      this.writeUint32(numbers.numberOf(value) ?? refuse(value));
    }

    _getSharedArrayBufferId(memory: SharedArrayBuffer): number {
      return this.shared.push(new Uint8Array(memory).slice()) - 1;
    }
  };
}

function readerClass(
  numbers: PortNumbers,
): new (
  bytes: Uint8Array,
) => InstanceType<typeof import('node:v8').Deserializer> {
  return class extends builtin('v8').Deserializer {
    _readHostObject(): object {
      return numbers.portOf(this.readUint32());
    }
  };
}

function sharedCopy(content: Uint8Array): SharedArrayBuffer {
  const memory = new SharedArrayBuffer(content.length);
  new Uint8Array(memory).set(content);
  return memory;
}

/** Classes that V8 copies as they are. */
const leaves: ReadonlySet<object | null> = new Set<object | null>([
  Date.prototype,
  RegExp.prototype,
  Boolean.prototype,
  Number.prototype,
  String.prototype,
  BigInt.prototype,
  ArrayBuffer.prototype,
  SharedArrayBuffer.prototype,
  DataView.prototype,
  Int8Array.prototype,
  Uint8Array.prototype,
  Uint8ClampedArray.prototype,
  Int16Array.prototype,
  Uint16Array.prototype,
  Int32Array.prototype,
  Uint32Array.prototype,
  Float32Array.prototype,
  Float64Array.prototype,
  BigInt64Array.prototype,
  BigUint64Array.prototype,
]);

/** Throws for an object that would come out as something else. */
function checkClasses(value: unknown, numbers: PortNumbers, seen: Set<object>): void {
  if (typeof value !== 'object' || value === null || seen.has(value)) return;
  const proto = Object.getPrototypeOf(value) as object | null;
  if (leaves.has(proto)) return;
  seen.add(value);
  const isPlain = proto === Object.prototype || proto === Array.prototype || proto === null;
  if (isPlain || value instanceof Map || value instanceof Set) {
    for (const part of partsOf(value)) checkClasses(part, numbers, seen);
  } else if (!(value instanceof Error) && numbers.numberOf(value) === null) {
    refuse(value);
  }
}

function refuse(value: object): never {
  throw new TypeError(`a ${value.constructor.name} in a message cannot be carried`);
}
