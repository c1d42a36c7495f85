/**
 * What the three standard descriptors are in the leader: a follower's own are others, and its streams
 * must look as the leader's do (`isTTY`, `columns`, the class of the stream).
 */
import { apiId } from '@lockstep/protocol';
import type { Door } from '../../core/door.ts';
import { originals } from '../../core/originals.ts';
import { builtin } from '../builtin.ts';

const STDIN = apiId('process.stdin');

/** As Node tells them apart; `file` also stands for devices such as `/dev/null`. */
export type StdioKind = 'tty' | 'pipe' | 'file' | 'other';

/** One standard descriptor of the leader. */
export interface StdioState {
  readonly kind: StdioKind;
  /** Size of the terminal when the process started; null for anything else. */
  readonly size: readonly [columns: number, rows: number] | null;
}

/** The leader's descriptor `fd`. Asked once for each, at the start. */
export function stdioState(door: Door, fd: 0 | 1 | 2): StdioState {
  return door.local(STDIN, () => {
    const kind = kindOf(fd);
    return { kind, size: kind === 'tty' && fd !== 0 ? sizeOf(fd) : null };
  });
}

function kindOf(fd: number): StdioKind {
  if (builtin('tty').isatty(fd)) return 'tty';
  try {
    const state = builtin('fs').fstatSync(fd);
    forget();
    if (state.isFile() || state.isCharacterDevice()) return 'file';
    return state.isFIFO() || state.isSocket() ? 'pipe' : 'other';
  } catch {
    // A closed descriptor: Node makes a stream that drops everything.
    return 'other';
  }
}

/**
 * Node's `realpathSync` looks at what the last state was, whoever asked for it: after that of a pipe it leaves
 * symbolic links as they are, and the module loader with it.
 */
function forget(): void {
  originals.statSync('/');
}

/** A terminal shows its size through its stream only, so that one is made at once. */
function sizeOf(fd: number): readonly [number, number] {
  const { columns, rows } = fd === 1 ? process.stdout : process.stderr;
  return [columns, rows];
}
