import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { openStore } from '../../src/store/open-store.ts';
import { storeContract } from './contract.ts';

const root = mkdtempSync(join(tmpdir(), 'lockstep-store-'));
let folders = 0;

storeContract('embedded', {
  fresh: async () => {
    folders += 1;
    return openStore(join(root, String(folders)));
  },
  again: async () => openStore(join(root, String(folders))),
});

afterAll(() => rmSync(root, { recursive: true, force: true }));
