/** What a process could reach and must not: listeners for TCP and UDP on one port, a folder, a process. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import type { TestProcess } from './processes.ts';
import type { Workspace } from './workspace.ts';

const DECOY = 'a decoy';

/** Says when it gets the signal that an attempt sends. */
const victim = `process.on('SIGUSR2', () => console.log('struck')); setInterval(() => {}, 1000); console.log('here');`;

export class Outside {
  readonly folder: string;
  readonly port: number;
  connections = 0;
  datagrams = 0;
  readonly #tcp: Server;
  readonly #udp: Socket;
  readonly #victim: TestProcess;

  private constructor(folder: string, tcp: Server, udp: Socket, process: TestProcess) {
    this.folder = folder;
    this.#tcp = tcp;
    this.#udp = udp;
    this.#victim = process;
    const address = tcp.address();
    this.port = typeof address === 'object' && address !== null ? address.port : 0;
    tcp.on('connection', (socket) => {
      this.connections++;
      socket.on('error', () => undefined).destroy();
    });
    udp.on('message', () => {
      this.datagrams++;
    });
  }

  static async start(workspace: Workspace): Promise<Outside> {
    const folder = workspace.newFolder('outside');
    writeFileSync(join(folder, 'decoy'), DECOY);
    const tcp = createServer();
    tcp.listen(0, '127.0.0.1');
    await once(tcp, 'listening');
    const address = tcp.address();
    const udp = createSocket('udp4');
    udp.bind(typeof address === 'object' ? address?.port : 0, '127.0.0.1');
    await once(udp, 'listening');
    const process = workspace.processes.node(['-e', victim], { cwd: workspace.folder });
    await process.says('here');
    return new Outside(folder, tcp, udp, process);
  }

  /** For the attempts of drills/attempts.cjs. */
  get env(): NodeJS.ProcessEnv {
    return {
      OUT_PORT: String(this.port),
      OUT_FOLDER: this.folder,
      OUT_PID: String(this.#victim.pid),
    };
  }

  /** What was reached; all zero and untouched when nothing was. */
  reached(): Readonly<Record<string, unknown>> {
    return {
      connections: this.connections,
      datagrams: this.datagrams,
      files: readdirSync(this.folder),
      decoy: readdirSync(this.folder).includes('decoy')
        ? readFileSync(join(this.folder, 'decoy'), 'utf8')
        : null,
      struck: this.#victim.stdout.includes('struck'),
    };
  }

  static readonly untouched: Readonly<Record<string, unknown>> = {
    connections: 0,
    datagrams: 0,
    files: ['decoy'],
    decoy: DECOY,
    struck: false,
  };

  stop(): void {
    this.#tcp.close();
    this.#udp.close();
  }
}
