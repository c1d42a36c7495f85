/**
 * Reads a replica's secrets from the inherited descriptor (closed before the service's code runs) or
 * from a file. They never pass through the environment or the command line.
 */
import { parseSecrets, type ReplicaSecrets } from '@lockstep/protocol';
import { originals } from './core/originals.ts';
import { AgentError } from './errors.ts';

/** More than any secrets object is long, bytes. */
const MAX_SECRETS_BYTES = 4096;

/** `place`: a descriptor number or a path. Throws `AgentError`. */
export function readSecrets(place: string): ReplicaSecrets {
  let text: string;
  try {
    text = /^\d+$/.test(place)
      ? readDescriptor(Number(place))
      : originals.readFileSync(place, 'utf8');
  } catch (error) {
    throw new AgentError('AGENT_SECRETS_UNREADABLE', {
      values: { name: place, why: String(error) },
      cause: error,
    });
  }
  const secrets = parseSecrets(text);
  if (secrets === null) {
    throw new AgentError('AGENT_SECRETS_UNREADABLE', {
      values: { name: place, why: 'they are not complete' },
    });
  }
  return secrets;
}

function readDescriptor(fd: number): string {
  const bytes = Buffer.alloc(MAX_SECRETS_BYTES);
  let length = 0;
  for (;;) {
    const read = originals.readSync(fd, bytes, length, bytes.length - length, null);
    if (read === 0) break;
    length += read;
  }
  originals.closeSync(fd);
  const text = bytes.toString('utf8', 0, length);
  bytes.fill(0);
  return text;
}
