/** Node's own native modules, where a hook has to stand below the public API. */

/** `process.binding` warns under `--pending-deprecation`, and a warning is a change of the service. */
export function binding(name: string): Record<string, unknown> {
  const host = process as unknown as {
    binding: (name: string) => Record<string, unknown>;
    noDeprecation: boolean | undefined;
  };
  const before = Object.getOwnPropertyDescriptor(host, 'noDeprecation');
  host.noDeprecation = true;
  try {
    return host.binding(name);
  } finally {
    if (before === undefined) Reflect.deleteProperty(host, 'noDeprecation');
    else Object.defineProperty(host, 'noDeprecation', before);
  }
}

/** The prototype of a class of a native module. Throws when there is none. */
export function nativePrototype(module: string, name: string): object {
  const made = binding(module)[name];
  if (typeof made !== 'function') throw new Error(`${module} has no ${name}`);
  return (made as { prototype: object }).prototype;
}
