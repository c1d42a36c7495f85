/**
 * Checks an exported incident where there is no Lockstep: `node verify-incident.mjs incident.json`. Needs
 * nothing but Node, and is short enough to be read before it is trusted: that is why it repeats the few
 * lines of the collector that it checks. A test holds the two against each other.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const sha256 = (text) => createHash('sha256').update(text).digest('hex');

/** JSON with one spelling: keys sorted by code unit, no blanks. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.keys(value)
    .sort((left, right) => (left < right ? -1 : 1))
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
  return `{${members.join(',')}}`;
}

/** Answers what is wrong with the file, or null. */
function faultOf({ sha256: named, ...content }) {
  if (content.format !== 'lockstep.incident.v1') return 'it is no exported incident of version 1';
  if (sha256(canonical(content)) !== named) return 'its content does not have the hash it names';
  const broken = content.audit.find(
    ({ hash, previousHash, ...entry }) => sha256(previousHash + canonical(entry)) !== hash,
  );
  return broken === undefined ? null : `audit entry ${broken.sequence} does not have its hash`;
}

const [path] = process.argv.slice(2);
if (path === undefined) throw new Error('usage: node verify-incident.mjs incident.json');
const file = JSON.parse(readFileSync(path, 'utf8'));
const fault = faultOf(file);
process.stdout.write(fault === null ? `intact: ${file.sha256}\n` : `NOT intact: ${fault}\n`);
process.exitCode = fault === null ? 0 : 1;
