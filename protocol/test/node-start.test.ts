import { describe, expect, it } from 'vitest';
import { quietStart, restoreStart } from '../src/index.ts';

const options = [
  '--inspect=0',
  '--max-old-space-size=100',
  '--cpu-prof',
  '--cpu_prof_dir',
  'a folder',
  '--require',
  './x.cjs',
];
const env = {
  PATH: '/bin',
  NODE_V8_COVERAGE: '/coverage',
  NODE_OPTIONS: '--heap-prof --heap-prof-dir="a b" --no-warnings',
};

describe('what Node itself writes when it is told so at its start', () => {
  it('is taken out, with values that are arguments of their own', () => {
    const quiet = quietStart({ options, env });
    expect(quiet.options).toEqual(['--max-old-space-size=100', '--require', './x.cjs']);
    expect(quiet.env).toMatchObject({ PATH: '/bin', NODE_OPTIONS: '--no-warnings' });
    expect(quiet.env['NODE_V8_COVERAGE']).toBeUndefined();
  });

  it('is put back where the program looks', () => {
    const quiet = quietStart({ options, env });
    const seen = { ...quiet.env };
    const execArgv = ['--require', 'agent', ...quiet.options];
    restoreStart(seen, execArgv, 2);
    expect(execArgv).toEqual(['--require', 'agent', ...options]);
    expect(Object.entries(seen)).toEqual(Object.entries(env));
  });

  it('leaves all else as it is', () => {
    const start = { options: ['--require', '--cpu-profile.cjs'], env: { PATH: '/bin' } };
    expect(quietStart(start)).toBe(start);
    const execArgv = ['--require', 'agent'];
    restoreStart({ ...start.env }, execArgv, 2);
    expect(execArgv).toEqual(['--require', 'agent']);
  });
});
