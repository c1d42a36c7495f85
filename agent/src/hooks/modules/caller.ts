/** Whose code called a function of the agent: told by the stack, so only for calls that are rare. */

/** Frames looked at: the agent's own stand between. */
const STACK_FRAMES = 12;

/** The file of the first frame above `below` that is not the agent's; empty when there is none. */
export function callerFile(below: (...args: never[]) => unknown): string {
  return callerFiles(below)[0] ?? '';
}

/** The files of the frames above `below` that are not the agent's, the nearest first. */
export function callerFiles(below: (...args: never[]) => unknown): readonly (string | null)[] {
  const { stackTraceLimit, prepareStackTrace } = Error;
  const holder: { stack?: unknown } = {};
  Error.stackTraceLimit = STACK_FRAMES;
  Error.prepareStackTrace = (_error, frames) => frames.map((frame) => frame.getFileName());
  Error.captureStackTrace(holder, below);
  const files = holder.stack as readonly (string | null)[];
  Error.stackTraceLimit = stackTraceLimit;
  if (prepareStackTrace === undefined) Reflect.deleteProperty(Error, 'prepareStackTrace');
  else Error.prepareStackTrace = prepareStackTrace;
  return files.filter((file) => file !== __filename);
}
