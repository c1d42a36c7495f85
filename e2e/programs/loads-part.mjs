/** Loads a module from the folder it runs in, says so, and works on until a file named `go` is there. */
import { existsSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

const { greeting } = await import(pathToFileURL(resolve('part.mjs')).href);
console.log(greeting);
while (!existsSync('go')) await setTimeout(20);
writeFileSync('greeting', greeting);
