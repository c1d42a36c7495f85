'use strict';
/**
 * Prints every function that this Node's built-in modules and global object export, methods of classes
 * included, as JSON: module -> names. Runs under any version, so it uses nothing of this project.
 */
const { builtinModules } = require('node:module');

process.emitWarning = () => undefined;

/** Modules that `builtinModules` does not list. */
const unlisted = ['ffi', 'sea', 'sqlite', 'test', 'test/reporters'];

function functionsOf(object) {
  return Object.entries(Object.getOwnPropertyDescriptors(object))
    .filter(([, slot]) => typeof slot.value === 'function')
    .map(([key]) => key);
}

function methodsOf(value) {
  const { prototype } = value;
  if (typeof prototype !== 'object' || prototype === null) return [];
  return functionsOf(prototype).filter((key) => key !== 'constructor' && !key.startsWith('_'));
}

/** Functions behind getters (classes that are loaded late) count as well. */
function held(object, key) {
  try {
    return object[key];
  } catch {
    return undefined; // Not to be had without an option of Node's.
  }
}

function namesOf(object) {
  const names = [];
  for (const key of Object.getOwnPropertyNames(object)) {
    const value = held(object, key);
    if (typeof value !== 'function') continue;
    names.push(key, ...methodsOf(value).map((method) => `${key}#${method}`));
  }
  return names;
}

// Modules with an underscore are parts of others, and loading one first would take others apart.
const listed = builtinModules
  .map((name) => name.replace(/^node:/, ''))
  .filter((name) => !name.startsWith('_'));
const found = {};
for (const name of new Set([...listed, ...unlisted])) {
  const module = process.getBuiltinModule(`node:${name}`);
  if (module !== undefined) found[name] = namesOf(module);
}
found.process = functionsOf(process).filter((key) => !key.startsWith('_'));
found.globals = namesOf(globalThis);
process.stdout.write(JSON.stringify(found));
