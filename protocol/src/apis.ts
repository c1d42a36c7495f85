/**
 * The table of hooked APIs: the number that travels in records and log entries, the name that
 * people read, and how dangerous a divergence in it is. Numbers are positions in blocks and are
 * never reused; names are appended at the end of their block (a golden test holds this).
 */

/** How much damage a call of this API can do by itself; severity starts from it. */
export const Danger = {
  /** Starts a program or loads native code. */
  execute: 'execute',
  /** Sends something out of the process. */
  send: 'send',
  /** Changes files. */
  write: 'write',
  /** Looks at the world. */
  read: 'read',
  /** Stays inside the process. */
  local: 'local',
} as const;
export type Danger = (typeof Danger)[keyof typeof Danger];

/** One hooked API. */
export interface ApiInfo {
  readonly id: number;
  readonly name: string;
  readonly danger: Danger;
}

const fsReadNames =
  'access exists fstat lstat open openAsBlob opendir read readdir readFile readlink readv realpath stat statfs watch watchFile unwatchFile close glob';
const fsWriteNames =
  'appendFile chmod chown copyFile cp fchmod fchown fdatasync fsync ftruncate futimes lchmod lchown link lutimes mkdir mkdtemp rename rm rmdir symlink truncate unlink utimes write writeFile writev';
const handleReadNames = 'close read readFile readLines readableWebStream readv stat';
const handleWriteNames =
  'appendFile chmod chown datasync sync truncate utimes write writeFile writev';

interface Block {
  readonly first: number;
  readonly prefix: string;
  readonly suffix?: string;
  readonly danger: Danger;
  readonly names: string;
}

const blocks: readonly Block[] = [
  {
    first: 1,
    prefix: '',
    danger: Danger.local,
    names:
      'entry process.exit module.load module.import user.call process.beforeExit process.signal uncaught',
  },
  { first: 100, prefix: 'fs.', danger: Danger.read, names: fsReadNames },
  { first: 150, prefix: 'fs.', danger: Danger.write, names: fsWriteNames },
  { first: 200, prefix: 'fs.', suffix: 'Sync', danger: Danger.read, names: fsReadNames },
  { first: 250, prefix: 'fs.', suffix: 'Sync', danger: Danger.write, names: fsWriteNames },
  { first: 300, prefix: 'fs.promises.', danger: Danger.read, names: fsReadNames },
  { first: 350, prefix: 'fs.promises.', danger: Danger.write, names: fsWriteNames },
  { first: 400, prefix: 'FileHandle.', danger: Danger.read, names: handleReadNames },
  { first: 430, prefix: 'FileHandle.', danger: Danger.write, names: handleWriteNames },
  { first: 460, prefix: 'fs.', danger: Danger.read, names: 'realpath.native realpathSync.native' },
  {
    first: 500,
    prefix: '',
    danger: Danger.local,
    names:
      'setTimeout setInterval setImmediate timers.promises.setTimeout timers.promises.setImmediate timers.promises.setInterval scheduler.wait scheduler.yield AbortSignal.timeout FinalizationRegistry.register WeakRef.deref queueMicrotask',
  },
  {
    first: 550,
    prefix: '',
    danger: Danger.read,
    names:
      'Date.now performance.now process.hrtime process.hrtime.bigint performance.timeOrigin process.uptime process.cpuUsage process.memoryUsage process.memoryUsage.rss process.resourceUsage process.cwd process.umask process.pid process.ppid process.title process.env process.loadEnvFile process.stdin process.getuid process.availableMemory process.constrainedMemory performance.eventLoopUtilization performance.mark Error.stack process.getActiveResourcesInfo',
  },
  {
    first: 600,
    prefix: 'os.',
    danger: Danger.read,
    names:
      'hostname uptime loadavg freemem totalmem cpus networkInterfaces userInfo homedir tmpdir availableParallelism release version machine getPriority arch platform type endianness setPriority',
  },
  {
    first: 650,
    prefix: 'crypto.',
    danger: Danger.local,
    names:
      'randomBytes randomFill randomFillSync randomInt randomUUID getRandomValues pbkdf2 scrypt hkdf generateKey generateKeyPair generateKeySync generateKeyPairSync generatePrime generatePrimeSync checkPrime sign signSync privateEncrypt publicEncrypt verify subtle.digest subtle.sign subtle.verify subtle.encrypt subtle.decrypt subtle.deriveBits subtle.deriveKey subtle.generateKey subtle.importKey subtle.exportKey subtle.wrapKey subtle.unwrapKey ecdh.generateKeys dh.generateKeys diffieHellman createDiffieHellman',
  },
  {
    first: 720,
    prefix: 'zlib.',
    danger: Danger.local,
    names:
      'transform flush gzip gunzip deflate inflate deflateRaw inflateRaw unzip brotliCompress brotliDecompress zstdCompress zstdDecompress',
  },
  {
    first: 750,
    prefix: 'WebAssembly.',
    danger: Danger.execute,
    names: 'compile instantiate compileStreaming instantiateStreaming',
  },
  { first: 800, prefix: 'net.', danger: Danger.send, names: 'connect write end' },
  {
    first: 820,
    prefix: 'net.',
    danger: Danger.local,
    names:
      'socket.end socket.destroy listen server.close connection socket.setOption socket socket.write socket.shutdown socket.bind socket.address socket.timeout socket.reset server',
  },
  {
    first: 850,
    prefix: 'dns.',
    danger: Danger.send,
    names:
      'lookup lookupService resolve resolve4 resolve6 resolveAny resolveCaa resolveCname resolveMx resolveNaptr resolveNs resolvePtr resolveSoa resolveSrv resolveTxt resolveTlsa reverse setServers getServers',
  },
  {
    first: 880,
    prefix: 'dns.promises.',
    danger: Danger.send,
    names:
      'lookup lookupService resolve resolve4 resolve6 resolveAny resolveCaa resolveCname resolveMx resolveNaptr resolveNs resolvePtr resolveSoa resolveSrv resolveTxt resolveTlsa reverse setServers getServers',
  },
  { first: 910, prefix: 'http.', danger: Danger.send, names: 'request' },
  {
    first: 920,
    prefix: 'http.',
    danger: Danger.local,
    names:
      'server.request server.body server.end server.response server.write server.parserError server.upgrade server.connection server.connections server.parser',
  },
  { first: 940, prefix: '', danger: Danger.send, names: 'fetch' },
  {
    first: 950,
    prefix: 'child_process.',
    danger: Danger.execute,
    names: 'spawn spawnSync execSync execFileSync',
  },
  {
    first: 970,
    prefix: 'child_process.',
    danger: Danger.local,
    names: 'stdin.write kill send disconnect',
  },
  { first: 1000, prefix: 'process.', danger: Danger.send, names: 'stdout.write stderr.write' },
  {
    first: 1010,
    prefix: 'process.',
    danger: Danger.execute,
    names: 'kill dlopen setuid setgid seteuid setegid setgroups initgroups abort',
  },
  {
    first: 1030,
    prefix: 'process.',
    danger: Danger.local,
    names:
      'chdir stdin.data stdin.end setUncaughtExceptionCaptureCallback emitWarning report.writeReport',
  },
  {
    first: 1100,
    prefix: '',
    danger: Danger.execute,
    names: 'worker_threads.Worker cluster.fork inspector.open',
  },
  {
    first: 1120,
    prefix: '',
    danger: Danger.send,
    names:
      'tls.connect tls.createServer https.createServer http2.connect http2.createServer dgram.createSocket WebSocket worker_threads.MessageChannel BroadcastChannel process.send child_process.ipc http.upgrade net.Server.raw EventSource',
  },
  {
    first: 1140,
    prefix: 'tls.',
    danger: Danger.local,
    names: 'socket socket.call stream.call ticketKeys',
  },
  { first: 1200, prefix: 'dgram.', danger: Danger.send, names: 'send connect' },
  {
    first: 1210,
    prefix: 'dgram.',
    danger: Danger.local,
    names: 'bind socket socket.call socket.send',
  },
  {
    first: 1240,
    prefix: 'native.addon.',
    danger: Danger.write,
    names: 'call callback',
  },
  { first: 1245, prefix: '', danger: Danger.execute, names: 'process.binding' },
  { first: 1225, prefix: 'Dir.', danger: Danger.read, names: 'read readSync close closeSync' },
  { first: 1230, prefix: '', danger: Danger.local, names: 'PerformanceObserver.observe' },
  { first: 1220, prefix: 'fs.', danger: Danger.local, names: 'watcher watcher.start' },
  {
    first: 1180,
    prefix: '',
    danger: Danger.local,
    names:
      'worker_threads.MessagePort MessagePort.postMessage MessagePort.close worker_threads.receiveMessageOnPort Worker.postMessage Worker.terminate Worker.threadId Atomics.shared',
  },
  { first: 1300, prefix: 'http2.', danger: Danger.send, names: 'request' },
  {
    first: 1310,
    prefix: 'http2.',
    danger: Danger.local,
    names:
      'stream.write stream.end stream.close stream.sendTrailers stream.respond stream.additionalHeaders stream.pushStream respondWithFile session.goaway session.settings session.ping session.close session.destroy session.altsvc session.origin session stream session.call session.ack session.counter timeout pipe stream.respondWithFile stream.respondWithFD',
  },
  {
    first: 1150,
    prefix: '',
    danger: Danger.local,
    names:
      'perf_hooks.PerformanceObserver Atomics.waitAsync module.register vm.Context native.addon stream.web inspector.Session v8.snapshot repl.start readline.stdin wasi.WASI ffi.DynamicLibrary zlib.zip localStorage crypto.argon2 crypto.encapsulate crypto.encapsulateSync crypto.decapsulate v8.profiles net.BoundSocket',
  },
];

/** Every API, in order of its number. */
export const apiTable: readonly ApiInfo[] = blocks.flatMap((block) =>
  block.names.split(' ').map((name, index) => ({
    id: block.first + index,
    name: `${block.prefix}${name}${block.suffix ?? ''}`,
    danger: block.danger,
  })),
);

const byId: ReadonlyMap<number, ApiInfo> = new Map(apiTable.map((api) => [api.id, api]));
const byName: ReadonlyMap<string, ApiInfo> = new Map(apiTable.map((api) => [api.name, api]));

if (byId.size !== apiTable.length || byName.size !== apiTable.length) {
  throw new Error('apis: a number or a name stands twice in the table');
}

/** The number of an API by name. Throws for a name that is not in the table: a bug at start. */
export function apiId(name: string): number {
  const api = byName.get(name);
  if (api === undefined) throw new Error(`apis: no API is named "${name}"; add it to the table`);
  return api.id;
}

/** What is known of an API number, or undefined for one from a newer table. */
export function apiInfo(id: number): ApiInfo | undefined {
  return byId.get(id);
}

/** The name of an API number; a number from a newer table reads `api#N`. */
export function apiName(id: number): string {
  return byId.get(id)?.name ?? `api#${id}`;
}
