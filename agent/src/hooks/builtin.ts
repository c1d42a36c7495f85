/**
 * Node's modules, loaded only when a hook asks for them: some of them take functions out of others when
 * they are first loaded (`child_process` takes `setTimeout`), and those must be the hooked ones by then.
 * An `import` at the top of a hook would load them before any hook is in place.
 */

/** Modules that hooks patch, by name. */
interface Builtins {
  child_process: typeof import('node:child_process');
  cluster: typeof import('node:cluster');
  crypto: typeof import('node:crypto');
  dgram: typeof import('node:dgram');
  dns: typeof import('node:dns');
  events: typeof import('node:events');
  fs: typeof import('node:fs');
  http: typeof import('node:http');
  http2: typeof import('node:http2');
  https: typeof import('node:https');
  inspector: typeof import('node:inspector');
  module: typeof import('node:module');
  net: typeof import('node:net');
  os: typeof import('node:os');
  perf_hooks: typeof import('node:perf_hooks');
  stream: typeof import('node:stream');
  tls: typeof import('node:tls');
  tty: typeof import('node:tty');
  util: typeof import('node:util');
  v8: typeof import('node:v8');
  vm: typeof import('node:vm');
  worker_threads: typeof import('node:worker_threads');
  zlib: typeof import('node:zlib');
}

/** The module itself, as `require` gives it. */
export function builtin<K extends keyof Builtins>(name: K): Builtins[K] {
  return process.getBuiltinModule(`node:${name}`) as unknown as Builtins[K];
}
