/**
 * The native object of a TLS connection. A leader's does the handshake and the encryption; a follower's is a
 * real object of the same class that is never started: what it answers, calls back and decrypts is the
 * leader's, so that all of `tls`, `https` and what stands on them runs for real above it.
 */
import { apiId } from '@lockstep/protocol';
import { type AnyFunction, type CoverageReport, patch } from '../../core/patch.ts';
import type { NativeCallback } from '../native/native-callbacks.ts';
import type { NativeMethod } from '../native/native-calls.ts';
import type { NativeHandle } from '../net/handle-classes.ts';
import { HandleEvent, type HandleTable } from '../net/handle-table.ts';
import { nativeCertificate, plainCertificate } from './certificates.ts';

const CALL = apiId('tls.socket.call');

/** What native code calls; all arguments are plain data. */
const callbackNames = [
  'onhandshakestart',
  'onhandshakedone',
  'onclienthello',
  'oncertcb',
  'onnewsession',
  'onocspresponse',
  'onkeylog',
  'onerror',
  'ALPNCallback',
] as const;

/** Asks for a key that both sides have; stands under a symbol. */
const KEY_ASKED = 'onpskexchange';

const plain: NativeMethod = { api: CALL, usual: undefined };

/** Methods whose answer or effect depends on the connection: the leader's alone run. */
const methods: Readonly<Record<string, NativeMethod>> = {
  certCbDone: plain,
  clientHelloDone: plain,
  destroySSL: plain,
  enableTrace: plain,
  endParser: plain,
  exportKeyingMaterial: plain,
  getALPNNegotiatedProtocol: { ...plain, usual: false },
  getCertificate: { ...plain, codec: plainCertificate },
  getCipher: plain,
  getEphemeralKeyInfo: plain,
  getFinished: plain,
  getPeerCertificate: { ...plain, codec: plainCertificate },
  getPeerFinished: plain,
  getPeerX509Certificate: { ...plain, codec: nativeCertificate },
  getProtocol: plain,
  getServername: { ...plain, usual: false },
  getSession: plain,
  getSharedSigalgs: plain,
  getTLSTicket: plain,
  getX509Certificate: { ...plain, codec: nativeCertificate },
  hasPeerCertificate: plain,
  isSessionReused: { ...plain, usual: false },
  loadSession: plain,
  newSessionDone: plain,
  receive: plain,
  renegotiate: plain,
  requestOCSP: plain,
  setOCSPResponse: plain,
  start: plain,
  verifyError: plain,
  writesIssuedByPrevListenerDone: plain,
};

/** Replaces the methods and callbacks of `TLSWrap`; `jsStream`: the class of what stands over streams. */
export function hookConnection(
  table: HandleTable,
  prototype: object,
  jsStream: object,
  report: CoverageReport,
): void {
  for (const [key, method] of Object.entries(methods)) {
    patch(report, prototype, key, `TLSWrap.${key}`, (original) =>
      key === 'destroySSL' ? ended(table, jsStream, original) : called(table, method, original),
    );
  }
  const callbacks = table.addCallbacks(prototype, [
    ...callbackNames.map((name, index) => callback(name, index)),
    { ...callback(KEY_ASKED, callbackNames.length), isSymbol: true },
  ]);
  patch(
    report,
    prototype,
    'enablePskCallback',
    'TLSWrap.enablePskCallback',
    (original) =>
      function (this: unknown, ...args: unknown[]): unknown {
        callbacks.adopt(this as object, KEY_ASKED);
        return Reflect.apply(original, this, args);
      },
  );
}

function callback(name: string, index: number): NativeCallback {
  return {
    name,
    event: HandleEvent.firstCallback + index,
    carry: (args, handle) => [nameAsked(handle), ...args],
    restore: ([asked, ...args], handle) => {
      setNameAsked(handle, asked);
      return args;
    },
  };
}

function called(table: HandleTable, method: NativeMethod, original: AnyFunction): AnyFunction {
  return function (this: unknown, ...args: unknown[]): unknown {
    const run = (): unknown => Reflect.apply(original, this, args);
    const isOurs = table.get(this as object) !== undefined && table.door.covered === 0;
    return isOurs ? table.natives.call(method, run) : run();
  };
}

/** The last call: a follower's own native parts are let go of as well, and nothing more can come. */
function ended(table: HandleTable, jsStream: object, original: AnyFunction): AnyFunction {
  const { natives, door } = table;
  const call = called(table, plain, original);
  if (door.leads) return call;
  return function (this: unknown): unknown {
    const answer = Reflect.apply(call, this, []);
    const state = table.get(this as object);
    if (state === undefined || door.covered > 0) return answer;
    natives.forget(state);
    const { _parent: below } = this as NativeHandle;
    // A stream of the program's has no end of its own below.
    const stream =
      below !== undefined && Object.prototype.isPrototypeOf.call(jsStream, below)
        ? table.get(below)
        : undefined;
    if (stream !== undefined) natives.forget(stream);
    Reflect.apply(original, this, []);
    return answer;
  };
}

/** Native code sets the name that a client asked for on the socket itself, without a call. */
function nameAsked(handle: object): unknown {
  const socket = ownerOf(handle);
  return socket?.server ? socket.servername : null;
}

function setNameAsked(handle: object, asked: unknown): void {
  const socket = ownerOf(handle);
  if (socket && asked !== null) socket.servername = asked;
}

interface SocketLike {
  server?: unknown;
  servername?: unknown;
}

/** The socket, which Node's own code keeps on the handle. */
function ownerOf(handle: object): SocketLike | undefined {
  const symbols = Object.getOwnPropertySymbols(handle);
  const owner = symbols.find((symbol) => symbol.description === 'owner_symbol');
  return owner === undefined ? undefined : (Reflect.get(handle, owner) as SocketLike | undefined);
}
