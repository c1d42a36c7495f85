/** One of each control frame; the golden files were recorded from these. */
import type { AgentFrame, CollectorFrame, LauncherFrame, LauncherReply } from '../../src/index.ts';
import { runId } from './samples.ts';

const positions = [{ stream: 0, records: 12, logFrames: 3 }];

export const agentFrames: readonly AgentFrame[] = [
  {
    type: 'hello',
    version: 1,
    runId,
    service: 'shop',
    replica: 'b',
    role: 'follower',
    variant: 'default',
    token: 't'.repeat(43),
    connection: 1,
    pid: 4711,
    host: 'host-1',
    nodeVersion: 'v20.19.0',
    agentVersion: '0.1.0',
    isolation: 'network+disk',
    drill: false,
    setting: { argv: '["server.js"]', 'env:SECRET': 'sha256:00ff' },
    coverage: {
      hooked: 310,
      unhooked: [{ api: 'fs.promises.glob', why: 'not in this version of Node' }],
      notFollowed: ['tls.connect'],
    },
    streams: [{ stream: 0, log: 'main' }],
    positions,
  },
  { type: 'stream', stream: 1, log: 'worker 1' },
  { type: 'child-exit', log: 'main.00112233445566ff', exitCode: null, signal: 'SIGTERM' },
  {
    type: 'evidence',
    requestId: 5,
    stream: 0,
    items: [
      {
        turn: 9,
        ordinal: 1,
        status: 'found',
        api: 'fs.writeFile',
        target: '/tmp/x',
        arguments: {
          type: 'list',
          className: 'Array',
          items: [
            { type: 'string', text: '/tmp/x' },
            { type: 'bytes', className: 'Buffer', length: 3, base64: 'YWJj' },
            { type: 'boolean', value: true },
            { type: 'reference', index: 1 },
            {
              type: 'record',
              className: 'Object',
              entries: [
                { key: { type: 'string', text: 'k' }, value: { type: 'null', text: 'null' } },
              ],
            },
          ],
        },
        stack: ['at save (/srv/store.js:10:3)'],
      },
      {
        turn: 9,
        ordinal: 2,
        status: 'never-made',
        api: 'fs.rm',
        target: null,
        arguments: null,
        stack: [],
      },
    ],
  },
  { type: 'stopped', code: 'not-followed', api: 'tls.connect', detail: 'first use of tls.connect' },
  { type: 'counters', counters: { droppedRecords: 0, lagMs: 1.5 } },
  { type: 'bye', exitCode: -1, complete: false, positions },
];

export const collectorFrames: readonly CollectorFrame[] = [
  { type: 'welcome', version: 1, positions },
  { type: 'ack', positions },
  { type: 'evidence-request', requestId: 5, stream: 0, calls: [{ turn: 9, ordinal: 1 }] },
  { type: 'log-closed', stream: 0, frames: 44, clean: true },
  { type: 'end', code: 'spool-full', detail: 'the spool is full' },
  { type: 'drill', file: '/srv/drills/post.cjs' },
  { type: 'refuse', code: 'TOKEN_UNKNOWN', message: 'no such token', retryable: true },
];

export const launcherFrames: readonly LauncherFrame[] = [
  {
    type: 'register',
    version: 1,
    token: 'service-token',
    runId,
    service: 'shop',
    startedAt: '2026-01-02T03:04:05.678Z',
    command: ['node', 'server.js', ''],
    drill: false,
    allowDrills: true,
    replicas: [{ id: 'a', role: 'leader', variant: 'default', tokenHash: 'ab'.repeat(32) }],
  },
  { type: 'replica-exit', replica: 'a', exitCode: null, signal: 'SIGKILL' },
  { type: 'run-end' },
];

export const launcherReplies: readonly LauncherReply[] = [
  { type: 'registered' },
  { type: 'run-state', state: 'unprotected', code: 'not-followed', api: 'tls.connect', detail: '' },
  { type: 'refuse', code: 'TOKEN_UNKNOWN', message: 'no such token', retryable: false },
];
