/**
 * Loads one of Node's modules at the moment of the call. Node's `net` and `http` keep the timer functions
 * that they find when they are first loaded, so a hook must not import them (nor what loads them, as
 * `node:child_process` does) at the top of its file: the timers have to be replaced first.
 */

/** The module's exports. Throws for a name that this Node does not have. */
export function builtin<T extends object>(name: string): T {
  const found = process.getBuiltinModule(name) as T | undefined;
  if (found === undefined) throw new Error(`Node ${process.version} has no module ${name}`);
  return found;
}

/** Whether Node has loaded one of its modules already. */
export function isLoaded(name: string): boolean {
  return moduleLoadList().includes(`NativeModule ${name}`);
}

function moduleLoadList(): readonly string[] {
  return (process as unknown as { moduleLoadList?: readonly string[] }).moduleLoadList ?? [];
}
