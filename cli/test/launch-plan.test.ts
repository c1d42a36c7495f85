import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CliError } from '../src/errors.ts';
import { parseShebang, planLaunch, replicaArguments } from '../src/launch/launch-plan.ts';
import { formatOf, ModuleFormat } from '../src/launch/main-file.ts';

let folder = '';

function write(path: string, text: string, mode = 0o644): void {
  const file = join(folder, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text);
  chmodSync(file, mode);
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'launch-plan-'));
  for (const name of ['server.js', 'a.mjs', 'b.cjs', 'esm/index.js', 'bin/plain']) write(name, '');
  write('esm/package.json', '{"type":"module"}');
  write('broken/package.json', '{"type":');
  write('broken/main.js', '');
  write('nested/package.json', '{"name":"nested"}');
  write('nested/main.js', '');
  write('bin/tool', '#!/usr/bin/env node\n', 0o755);
  write('bin/strict', '#!/usr/bin/env -S node --use-strict --no-warnings\n', 0o755);
  write('bin/script', '#!/bin/sh\n', 0o755);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const plan = (...command: string[]): ReturnType<typeof planLaunch> =>
  planLaunch(command, folder, { PATH: join(folder, 'bin') });

function refusal(...command: string[]): CliError {
  try {
    plan(...command);
  } catch (error) {
    if (error instanceof CliError) return error;
    throw error;
  }
  throw new Error(`${command.join(' ')} was accepted`);
}

describe('the launch plan', () => {
  it('takes a node command apart and passes options and arguments on', () => {
    expect(
      plan('node', '--enable-source-maps', '-r', './x.js', 'server.js', '--port', '1'),
    ).toEqual({
      node: 'node',
      nodeOptions: ['--enable-source-maps', '-r', './x.js'],
      file: 'server.js',
      mainFile: join(folder, 'server.js'),
      format: ModuleFormat.commonjs,
      args: ['--port', '1'],
    });
  });

  it('keeps the binary as it was typed', () => {
    expect(plan('/opt/node22/bin/node', 'server.js').node).toBe('/opt/node22/bin/node');
  });

  it('resolves a file without extension and a folder, as node does', () => {
    expect(plan('node', 'server').mainFile).toBe(join(folder, 'server.js'));
    expect(plan('node', './esm').mainFile).toBe(join(folder, 'esm/index.js'));
  });

  it('takes two dashes in front of the file, and leaves those behind it to the program', () => {
    const { nodeOptions, file, args } = plan('node', '--no-warnings', '--', 'server.js', '--', 'x');
    expect({ nodeOptions, file, args }).toEqual({
      nodeOptions: ['--no-warnings'],
      file: 'server.js',
      args: ['--', 'x'],
    });
  });

  it('makes the node form of a file with a node shebang, found along PATH', () => {
    expect(plan('strict', 'x')).toMatchObject({
      node: 'node',
      nodeOptions: ['--use-strict', '--no-warnings'],
      file: join(folder, 'bin/strict'),
      args: ['x'],
    });
    expect(plan('./bin/tool')).toMatchObject({ node: 'node', file: './bin/tool', nodeOptions: [] });
  });

  it.each([
    ['CLI_COMMAND_MISSING', []],
    ['CLI_COMMAND_NOT_NODE', ['python3', 'x.py']],
    ['CLI_COMMAND_NOT_NODE', ['script']],
    ['CLI_COMMAND_NOT_NODE', ['./bin/plain']],
    ['CLI_COMMAND_WRAPS_NODE', ['npm', 'start']],
    ['CLI_COMMAND_WRAPS_NODE', ['/bin/sh', '-c', 'node server.js']],
    ['CLI_NODE_WITHOUT_FILE', ['node']],
    ['CLI_NODE_WITHOUT_FILE', ['node', '-e', '1']],
    ['CLI_NODE_WITHOUT_FILE', ['node', '-']],
    ['CLI_NODE_WITHOUT_FILE', ['node', '--test', 'server.js']],
    ['CLI_NODE_WITHOUT_FILE', ['node', '--watch', 'server.js']],
    ['CLI_FILE_NOT_FOUND', ['node', 'absent.js']],
  ])('refuses with %s: %j', (code, command) => {
    expect(refusal(...command).code).toBe(code);
  });

  it('shows the node form when it refuses', () => {
    expect(refusal('python3', 'x.py').remedy).toContain('node [options] FILE [arguments]');
    expect(refusal('node', '--test').message).toContain('test runner');
  });
});

describe('the preload', () => {
  it('goes in front by --require for CommonJS', () => {
    expect(
      replicaArguments(plan('node', '--no-warnings', 'b.cjs', 'x'), '/agent/register.cjs'),
    ).toEqual([...['--require', '/agent/register.cjs', '--no-warnings', 'b.cjs', 'x']]);
  });

  it('goes in front by --import for an ES module', () => {
    expect(replicaArguments(plan('node', 'a.mjs'), '/a b/register.cjs')).toEqual([
      ...['--import', 'file:///a%20b/register.cjs', 'a.mjs'],
    ]);
  });
});

describe('the module format', () => {
  it.each([
    ['a.mjs', ModuleFormat.esm],
    ['b.cjs', ModuleFormat.commonjs],
    ['server.js', ModuleFormat.commonjs],
    ['esm/index.js', ModuleFormat.esm],
    ['esm/deeper/file.ts', ModuleFormat.esm],
    ['broken/main.js', ModuleFormat.commonjs],
    ['nested/main.js', ModuleFormat.commonjs],
  ])('of %s is %s', (file, format) => {
    expect(formatOf(join(folder, file), [])).toBe(format);
  });

  it('follows --experimental-default-type where no package says', () => {
    expect(formatOf(join(folder, 'server.js'), ['--experimental-default-type=module'])).toBe(
      ModuleFormat.esm,
    );
  });
});

describe('a shebang', () => {
  it.each([
    ['#!/usr/bin/env node', []],
    ['#! /usr/local/bin/node --flag', ['--flag']],
    ['#!/usr/bin/env -S node --a --b', ['--a', '--b']],
    ['#!/usr/bin/nodejs', []],
  ])('%j names node with options %j', (line, options) => {
    expect(parseShebang(line)?.options).toEqual(options);
  });

  it.each(['#!/bin/sh', '#!/usr/bin/env deno', 'node', '', '#!'])('%j names no node', (line) => {
    expect(parseShebang(line)).toBeNull();
  });
});
