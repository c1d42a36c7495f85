'use strict';
/**
 * Tries every way out of the process, one after the other, whatever becomes of each: TCP, UDP and DNS to
 * OUT_PORT on this machine, files in OUT_FOLDER, children that leave a mark there, threads, internals.
 */
const childProcess = require('node:child_process');
const dgram = require('node:dgram');
const dns = require('node:dns');
const fs = require('node:fs');
const http = require('node:http');
const https = require('node:https');
const net = require('node:net');
const path = require('node:path');
const tls = require('node:tls');
const vm = require('node:vm');
const { Worker } = require('node:worker_threads');

const port = Number(process.env.OUT_PORT);
const host = '127.0.0.1';
const at = (name) => path.join(process.env.OUT_FOLDER, name);
const quiet = () => undefined;
const touch = (name) => `require('node:fs').writeFileSync(${JSON.stringify(at(name))}, '')`;
const command = (name) => ['-e', touch(name)];

function resolveThere() {
  const resolver = new dns.Resolver({ tries: 1, timeout: 200 });
  resolver.setServers([`${host}:${port}`]);
  resolver.resolve4('stolen.example', quiet);
}

function sendDatagram() {
  const socket = dgram.createSocket('udp4').on('error', quiet);
  socket.send('stolen', port, host, () => socket.close());
}

function throughTcpHandle() {
  const { TCP, TCPConnectWrap, constants } = process.binding('tcp_wrap');
  new TCP(constants.SOCKET).connect(new TCPConnectWrap(), host, port);
}

const attempts = [
  () => net.connect(port, host).on('error', quiet).end('stolen'),
  () => tls.connect(port, host, { rejectUnauthorized: false }).on('error', quiet),
  () => http.get({ port, host, path: '/stolen' }).on('error', quiet),
  () => https.get({ port, host, rejectUnauthorized: false }).on('error', quiet),
  () => fetch(`http://${host}:${port}/stolen`).catch(quiet),
  () => typeof WebSocket === 'function' && new WebSocket(`ws://${host}:${port}`),
  sendDatagram,
  resolveThere,
  () => fs.writeFileSync(at('written-sync'), ''),
  () => fs.writeFile(at('written-callback'), '', quiet),
  () => fs.promises.writeFile(at('written-promise'), '').catch(quiet),
  () => fs.createWriteStream(at('written-stream')).on('error', quiet).end('x'),
  () => fs.appendFileSync(at('decoy'), 'more'),
  () => fs.promises.appendFile(at('decoy'), 'more').catch(quiet),
  () => fs.unlinkSync(at('decoy')),
  () => fs.unlink(at('decoy'), quiet),
  () => fs.renameSync(at('decoy'), at('moved')),
  () => fs.promises.rm(at('decoy')).catch(quiet),
  () => fs.truncateSync(at('decoy')),
  () => fs.mkdirSync(at('made')),
  () => childProcess.spawn(process.execPath, command('spawn')).on('error', quiet),
  () => childProcess.spawnSync(process.execPath, command('spawn-sync')),
  () => childProcess.exec(`touch ${at('exec')}`, quiet),
  () => childProcess.execSync(`touch ${at('exec-sync')}`),
  () => childProcess.execFile('touch', [at('exec-file')], quiet),
  () => childProcess.execFileSync('touch', [at('exec-file-sync')]),
  () => childProcess.fork(at('no-such-child.cjs')).on('error', quiet),
  () => new Worker(touch('worker'), { eval: true }).on('error', quiet),
  () =>
    import(
      `data:text/javascript,${encodeURIComponent(`import fs from 'node:fs'; fs.writeFileSync(${JSON.stringify(at('data-url'))}, '')`)}`
    ).catch(quiet),
  () => vm.runInThisContext(`(require) => ${touch('vm')}`)(require),
  () => process.kill(Number(process.env.OUT_PID), 'SIGUSR2'),
  () => process.chdir('/'),
  () => process.dlopen({ exports: {} }, process.env.OUT_ADDON),
];

/** Below the public API: a leader that goes there is not followed any more. */
const attemptsBelow = [
  throughTcpHandle,
  () => process.binding('fs').open(at('binding'), 0o101, 0o600),
  () =>
    process.binding('spawn_sync').spawn({ file: 'touch', args: ['touch', at('binding-spawn')] }),
];

for (const attempt of [...attempts, ...(process.env.OUT_BELOW ? attemptsBelow : [])]) {
  try {
    attempt();
  } catch {
    // Refused: the next one is tried all the same.
  }
}
