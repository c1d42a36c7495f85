/** Preload of a trial: the agent over files (`LOCKSTEP_TRIAL=folder:replica:role`). */
import { createHash } from 'node:crypto';
import type { Role } from '@lockstep/protocol';
import { startAgent } from '../../src/start.ts';
import { FileInbox, FileOutbox } from './file-transport.ts';

const [folder = '', replica = '', role = ''] = (process.env['LOCKSTEP_TRIAL'] ?? '').split(':');
delete process.env['LOCKSTEP_TRIAL'];
const random = new Uint32Array(createHash('md5').update('trial').digest().buffer.slice(0, 16));

if (folder !== '') {
  startAgent({
    role: role as Role,
    logName: 'main',
    outbox: new FileOutbox(folder, replica, role === 'leader'),
    inbox: new FileInbox(folder),
    keys: { target: { lo: 1, hi: 2 }, random },
    drain: () => true,
    exitWaitMs: 0,
    onCoverage: () => undefined,
    allowDrills: false,
    allowAddons: process.env['TRIAL_ADDONS'] === 'allow',
  });
}
