/**
 * What stands in the place of the internal class through which Node's loader asks the thread of the hooks: its
 * methods, as the versions of Node call them.
 */
import type { LoaderThread, RealHooks } from './loader-thread.ts';

/** Its methods as Node 20 and 22 call them. */
export function oldStandIn(start: () => LoaderThread): unknown {
  return class {
    private readonly thread: LoaderThread = start();

    waitForWorker(): void {
      this.thread.wait('waitForWorker');
    }

    makeAsyncRequest(method: string, list: unknown, ...args: unknown[]): Promise<unknown> {
      return this.thread.later(method, args, (real) =>
        call(real, 'makeAsyncRequest', [method, list, ...args]),
      );
    }

    makeSyncRequest(method: string, list: unknown, ...args: unknown[]): unknown {
      const ask = (real: RealHooks): unknown =>
        call(real, 'makeSyncRequest', [method, list, ...args]);
      return method === 'register'
        ? this.thread.register(args, list, ask)
        : this.thread.atOnce(method, args, ask);
    }

    importMetaInitialize(...args: unknown[]): void {
      this.thread.importMeta(args);
    }
  };
}

/** Its methods as Node 24 and later call them. */
export function newStandIn(start: () => LoaderThread): unknown {
  return class {
    readonly allowImportMetaResolve = true;
    readonly isForAsyncLoaderHookWorker = false;
    private readonly thread: LoaderThread = start();

    register(...args: unknown[]): unknown {
      const [specifier, parent, data, list] = args;
      return this.thread.register([specifier, parent, data], list, (real) =>
        call(real, 'register', args),
      );
    }

    resolve(...args: unknown[]): Promise<unknown> {
      return this.thread.later('resolve', args, (real) => call(real, 'resolve', args));
    }

    resolveSync(...args: unknown[]): unknown {
      return this.thread.atOnce('resolve', args, (real) => call(real, 'resolveSync', args));
    }

    load(...args: unknown[]): Promise<unknown> {
      return this.thread.later('load', args, (real) => call(real, 'load', args));
    }

    loadSync(...args: unknown[]): unknown {
      return this.thread.atOnce('load', args, (real) => call(real, 'loadSync', args));
    }

    importMetaInitialize(...args: unknown[]): void {
      this.thread.importMeta(args);
    }

    waitForLoaderHookInitialization(): void {
      this.thread.wait('waitForLoaderHookInitialization');
    }
  };
}

function call(real: RealHooks, name: string, args: readonly unknown[]): unknown {
  return real[name]?.(...args);
}
