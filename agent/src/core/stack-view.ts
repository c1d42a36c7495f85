/**
 * `err.stack` is data: programs print it. The agent's own frames are taken out in both roles, and a
 * follower shows the leader's text where its own differs only in Node's frames beneath (a follower's turns
 * are begun by the agent, a leader's by the kernel). Node's formatter does the formatting; a service that
 * puts its own in its place is left alone.
 */
import { apiId } from '@lockstep/protocol';
import type { HookContext } from './hook-context.ts';

const STACK = apiId('Error.stack');

/** Frames that the agent's own calls may take up; captured beyond the program's limit, then cut again. */
const EXTRA_FRAMES = 16;

type Format = (error: Error, frames: NodeJS.CallSite[]) => unknown;

/** Installs the formatter. `ownFile`: the agent's bundle, whose frames are taken out. */
export function hookStacks({ door, report }: HookContext, ownFile: string): void {
  const nodes = Error.prepareStackTrace as Format | undefined;
  if (nodes === undefined) {
    report.miss('Error.stack', 'this Node version has no formatter to build on');
    return;
  }
  const format: Format = (error, frames) => {
    const shown = frames.filter((frame) => frame.getFileName() !== ownFile);
    const text = nodes(error, shown.slice(0, shownLimit()));
    if (door.covered > 0 || typeof text !== 'string') return text;
    const leaders = door.local(STACK, () => text);
    return programPart(leaders) === programPart(text) ? leaders : text;
  };
  Object.defineProperty(format, 'name', { value: nodes.name, configurable: true });
  Object.defineProperty(Error, 'prepareStackTrace', {
    value: format,
    writable: true,
    configurable: true,
    enumerable: false,
  });
  Error.stackTraceLimit += EXTRA_FRAMES;
  report.hook('Error.stack');
}

/** A program that sets its own limit gets it; ours is cut back to what it would have been. */
function shownLimit(): number {
  const { stackTraceLimit } = Error;
  return stackTraceLimit > EXTRA_FRAMES ? stackTraceLimit - EXTRA_FRAMES : stackTraceLimit;
}

/** The text without Node's own frames, and without the names of properties that held a function. */
function programPart(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/^ {4}at .*\(?node:/.test(line))
    .map((line) => line.replace(/ \[as [^\]]+\]/, ''))
    .join('\n');
}
