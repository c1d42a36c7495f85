import { expect, it } from 'vitest';
import { nodeChild } from '../../src/hooks/child-process/node-child.ts';

const preloadOf = (args: readonly string[]): string | null => {
  const child = nodeChild('node', ['node', ...args], '/', '/agent.cjs');
  return child === null ? null : (child.preload[0] ?? '');
};

it.each<{ args: string[]; options: string[]; rest: string[]; readsProgram: boolean }>([
  { args: ['-e', 'code', 'a'], options: ['-e', 'code'], rest: ['a'], readsProgram: false },
  { args: ['--eval=code', '-p'], options: ['--eval=code', '-p'], rest: [], readsProgram: false },
  { args: ['-p', 'code'], options: ['-p', 'code'], rest: [], readsProgram: false },
  { args: ['-p', '--', 'x.js'], options: ['-p'], rest: ['--', 'x.js'], readsProgram: false },
  { args: ['-p'], options: ['-p'], rest: [], readsProgram: true },
  { args: ['-', 'a'], options: [], rest: ['-', 'a'], readsProgram: true },
  { args: [], options: [], rest: [], readsProgram: true },
  {
    args: ['-r', 'a', 'x.js', '-e'],
    options: ['-r', 'a'],
    rest: ['x.js', '-e'],
    readsProgram: false,
  },
])('takes $args apart', ({ args, ...parts }) => {
  expect(nodeChild('node', ['node', ...args], '/', '/agent.cjs')).toMatchObject(parts);
});

it.each([[['-e']], [['-e', '--x']], [['-c', 'x.js']], [['-i']], [['--test']], [['--run', 'x']]])(
  'finds no program in %j',
  (args) => {
    expect(preloadOf(args)).toBeNull();
  },
);

it('loads the agent as the program is loaded, and before standard input is read', () => {
  expect(preloadOf(['-e', 'code'])).toBe('--require');
  expect(preloadOf(['--input-type=module', '-e', 'code'])).toBe('--import');
  expect(preloadOf(['--input-type', 'module-typescript', '-e', 'code'])).toBe('--import');
  expect(preloadOf(['--input-type', 'commonjs', '-e', 'code'])).toBe('--require');
  expect(preloadOf(['--input-type=module', '-'])).toBe('--require');
});
