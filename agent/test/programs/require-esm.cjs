// Requires an ES module whose body acts, and registers an extension whose handler does.
'use strict';
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-require-'));
const acts = path.join(dir, 'acts.mjs');
fs.writeFileSync(
  acts,
  `import fs from 'node:fs';
import { helper } from '${pathToFileURL(path.join(__dirname, 'esm-helper.mjs'))}';
fs.appendFileSync(${JSON.stringify(path.join(dir, 'log'))}, 'once ');
export const now = Date.now() + helper();`,
);
require.extensions['.words'] = (loaded, file) => {
  fs.appendFileSync(path.join(dir, 'log'), 'handler ');
  loaded.exports = fs.readFileSync(file, 'utf8').split(' ');
};
fs.writeFileSync(path.join(dir, 'some.words'), 'a b c');
const words = require(path.join(dir, 'some.words'));
let now = 0;
try {
  ({ now } = require(acts));
} catch (error) {
  console.log(error.code);
}
fs.writeFileSync(path.join(dir, 'now'), `${now} ${words}`);
console.log(words.length, fs.readFileSync(path.join(dir, 'log'), 'utf8'));
fs.rmSync(dir, { recursive: true });
