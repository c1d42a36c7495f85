/** Tests of what `npm start` and `npm test` stand on; Node's own runner, so that nothing must be installed. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { capture, runCommand } from '../lib/command.mjs';
import { portFrom, requireFreePorts } from '../lib/ports.mjs';
import { Processes } from '../lib/processes.mjs';
import { Problem } from '../lib/say.mjs';
import { checkNode } from '../lib/workspace.mjs';

const folder = mkdtempSync(join(tmpdir(), 'scripts-test-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const waiting = 'setInterval(() => undefined, 1000)';

describe('the Node version', () => {
  it('is accepted from 20.19 on', () => {
    for (const version of ['20.19.0', '22.0.0', '26.1.0']) checkNode(version);
  });

  it('is refused below that, with where to get another', () => {
    for (const version of ['20.18.3', '18.20.0']) {
      assert.throws(() => checkNode(version), { message: /20\.19 or later.*nodejs\.org/ });
    }
  });
});

describe('ports', () => {
  it('are refused when taken, with the way out', async () => {
    const server = createServer();
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address();
    await assert.rejects(
      requireFreePorts([{ port, purpose: 'shop', variable: 'PORT' }]),
      (error) => {
        assert.ok(error instanceof Problem);
        assert.match(
          error.message,
          new RegExp(`Port ${port} \\(shop\\) is taken.*PORT=${port + 1} npm`),
        );
        return true;
      },
    );
    await new Promise((resolve) => server.close(resolve));
    await requireFreePorts([{ port, purpose: 'shop', variable: 'PORT' }]);
  });

  it('come from the environment when it names one', () => {
    assert.equal(portFrom('SCRIPTS_TEST_PORT', 4600), 4600);
    process.env.SCRIPTS_TEST_PORT = '5000';
    assert.equal(portFrom('SCRIPTS_TEST_PORT', 4600), 5000);
    process.env.SCRIPTS_TEST_PORT = '65536';
    assert.throws(() => portFrom('SCRIPTS_TEST_PORT', 4600), {
      message: /"65536", which is no port/,
    });
  });
});

describe('commands', () => {
  it('answer code and output', async () => {
    const { code, stdout } = await capture(process.execPath, [
      '-e',
      'console.log(1); process.exit(3)',
    ]);
    assert.deepEqual([code, stdout], [3, '1\n']);
  });

  it('become a problem when they fail or are not there', async () => {
    const failing = runCommand(process.execPath, ['-e', 'process.exit(3)'], { remedy: 'Do this.' });
    await assert.rejects(failing, { message: /failed \(exit code 3\)\. Do this\./ });
    await assert.rejects(runCommand('no-such-program', [], { remedy: 'Do that.' }), {
      message: /could not be started \(ENOENT\)\. Do that\./,
    });
  });
});

describe('the processes of npm start', () => {
  it('are all gone after a stop', async () => {
    const processes = new Processes();
    const file = join(folder, 'wait.cjs');
    writeFileSync(file, `console.log(process.pid); ${waiting}`);
    const options = { cwd: folder, quiet: true };
    const pids = await Promise.all([
      processes.start('one', [process.execPath, file], options),
      processes.start('two', [process.execPath, file], options),
    ]);
    await processes.stop();
    for (const pid of pids) assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
    await assert.rejects(processes.start('three', [process.execPath, file], options));
  });

  it('are a problem when one ends by itself', async () => {
    const processes = new Processes();
    await processes.start('weak one', [process.execPath, '-e', 'process.exit(4)'], { cwd: folder });
    const problem = await processes.failed;
    assert.match(problem.message, /The weak one ended by itself \(exit code 4\)/);
    await processes.stop();
  });
});
