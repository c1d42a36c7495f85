import { statSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import {
  askForDrill,
  ControlDoor,
  controlPath,
  type DrillRequest,
} from '../src/collector/control-door.ts';

const path = controlPath(`test-${process.pid}`, 4600);
const asked: DrillRequest[] = [];
let door: ControlDoor | null = null;
afterEach(() => {
  door?.close();
  door = null;
  asked.length = 0;
});

async function open(): Promise<void> {
  door = await ControlDoor.open(path, (request) => {
    asked.push(request);
    return { ok: true, runId: 'r', replica: request.replica ?? 'c' };
  });
}

const drill = { service: 'shop', replica: null, file: '/payload.cjs' };

describe('the control door', () => {
  it('takes a drill and says whom it struck', async () => {
    await open();
    expect(await askForDrill(path, drill)).toEqual({ ok: true, runId: 'r', replica: 'c' });
    expect(await askForDrill(path, { ...drill, replica: 'a' })).toMatchObject({ replica: 'a' });
    expect(asked).toEqual([drill, { ...drill, replica: 'a' }]);
  });

  it('can be opened by its user alone, under a name that only the token leads to', async () => {
    await open();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(controlPath('another', 4600)).not.toBe(path);
    expect(controlPath(`test-${process.pid}`, 4601)).not.toBe(path);
    expect(path.length).toBeLessThan(108);
  });

  it('takes the place of a leftover, and is gone when it is closed', async () => {
    await open();
    await open();
    await askForDrill(path, drill);
    door?.close();
    await expect(askForDrill(path, drill)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('refuses what is no request', async () => {
    await open();
    const broken = { service: 1, replica: null, file: null } as unknown as DrillRequest;
    await expect(askForDrill(path, broken)).rejects.toThrow();
    expect(asked).toEqual([]);
  });
});
