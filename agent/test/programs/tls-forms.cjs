// TLS in its rarer forms: names, own checks, client certificates, shared keys, sessions of TLS 1.2, OCSP,
// renegotiation, protocols chosen by a function, layers within layers, streams without any socket, cut
// and half-closed connections. Sections may be named in the arguments; all run at once otherwise.
'use strict';
const fs = require('node:fs');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');
const { Duplex } = require('node:stream');
const tls = require('node:tls');

const read = (name) => fs.readFileSync(path.join(__dirname, 'keys', name));
const key = read('server-key.pem');
const cert = read('server-cert.pem');
const second = {
  key: read('second-key.pem'),
  cert: Buffer.concat([read('second-cert.pem'), cert]),
};
const seen = [];
const say = (...words) => seen.push(words.join(' '));
const host = '127.0.0.1';

/** Runs `use` with the server's address, then closes it. */
async function withServer(options, onSocket, use) {
  const server = tls.createServer({ key, cert, ...options }, onSocket);
  server.on('tlsClientError', (error, socket) => {
    say('client error', error.code);
    socket.destroy();
  });
  await new Promise((resolve) => server.listen(0, host, resolve));
  try {
    await use(server.address().port, server);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

/** Connects, runs `onSecure`, answers when all is closed. */
function connect(options, onSecure) {
  return new Promise((resolve) => {
    const socket = tls.connect({ host, ca: cert, servername: 'localhost', ...options }, () =>
      onSecure?.(socket),
    );
    socket.on('error', (error) => say('error', error.code, error.message));
    socket.on('close', (hadError) => resolve(hadError));
    if (onSecure === undefined) socket.on('secureConnect', () => socket.end());
    socket.resume();
  });
}

const echo = (socket) => {
  socket.on('error', (error) => say('server socket', error.code));
  socket.pipe(socket);
};

async function names() {
  const contexts = {
    second: tls.createSecureContext(second),
    late: tls.createSecureContext(second),
  };
  const SNICallback = (name, done) => {
    say('asked', name);
    if (name === 'broken') return done(new Error('no such name'));
    if (name === 'late') return setTimeout(() => done(null, contexts.late), 3);
    return done(null, contexts[name]);
  };
  await withServer({ SNICallback }, echo, async (port) => {
    await Promise.all(
      ['localhost', 'second', 'late', 'broken', 'a.second'].map((servername) =>
        connect({ port, servername, rejectUnauthorized: false }, (socket) => {
          const peer = socket.getPeerCertificate(true);
          say(servername, peer.subject.CN, peer.issuerCertificate?.subject.CN, socket.authorized);
          say(socket.authorizationError, socket.getPeerX509Certificate().serialNumber);
          socket.end(servername);
        }),
      ),
    );
  });
  await withServer({}, echo, async (port, server) => {
    server.addContext('*.second', second);
    await connect({ port, servername: 'b.second' }, (socket) => {
      say('added', socket.getPeerCertificate().subject.CN);
      socket.end();
    });
    server.setSecureContext(second);
    await connect({ port, servername: 'second' }, (socket) => {
      say('changed', socket.getPeerCertificate().subject.CN);
      socket.end();
    });
  });
}

async function clients() {
  const options = { requestCert: true, ca: cert };
  const onSocket = (socket) => {
    const peer = socket.getPeerCertificate();
    say('client is', peer.subject?.CN, socket.authorized, socket.getCertificate()?.subject.CN);
    say(socket.getX509Certificate()?.subject, socket.getPeerX509Certificate()?.issuer);
    echo(socket);
  };
  await withServer(options, onSocket, async (port) => {
    await Promise.all([
      connect({ port, ...second }),
      connect({ port }),
      connect({ port, ...second, maxVersion: 'TLSv1.2' }),
      connect({ port, maxVersion: 'TLSv1.2' }),
      connect({ port, minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2', ciphers: 'AES128-SHA' }),
      connect({ port, ...second, checkServerIdentity: (name) => new Error(`not ${name}`) }),
    ]);
  });
  await withServer({ minVersion: 'TLSv1.3' }, echo, (port) =>
    connect({ port, maxVersion: 'TLSv1.2' }),
  );
}

async function sharedKeys() {
  const psk = Buffer.from('d731ef57be09e5204f0b205b60627028', 'hex');
  const known = {
    ciphers: 'PSK+HIGH',
    maxVersion: 'TLSv1.2',
    checkServerIdentity: () => undefined,
  };
  const pskCallback = (socket, identity) => {
    say('identity', identity, socket.servername);
    return identity === 'known' ? psk : null;
  };
  const options = {
    ...known,
    key: undefined,
    cert: undefined,
    pskIdentityHint: 'hint',
    pskCallback,
  };
  await withServer(options, echo, async (port) => {
    for (const identity of ['known', 'unknown']) {
      const answer = (hint) => {
        say('hint', hint);
        return { psk, identity };
      };
      await connect({ port, ...known, pskCallback: answer }, (socket) => {
        say('shared', socket.getCipher().name, socket.getPeerCertificate().subject);
        socket.end('x');
      });
    }
  });
}

async function sessions() {
  const kept = new Map();
  const { constants } = require('node:crypto');
  const secureOptions = constants.SSL_OP_NO_TICKET;
  await withServer({ secureOptions, maxVersion: 'TLSv1.2' }, echo, async (port, server) => {
    server.on('newSession', (id, data, done) => {
      say('new session', id.length);
      kept.set(id.toString('hex'), data);
      setTimeout(done, 2);
    });
    server.on('resumeSession', (id, done) => {
      say('resume', kept.has(id.toString('hex')));
      setTimeout(() => done(null, kept.get(id.toString('hex')) ?? null), 2);
    });
    let session;
    for (let i = 0; i < 3; i++) {
      await connect({ port, session }, (socket) => {
        session = socket.getSession();
        say('session', socket.isSessionReused(), session.length > 0, socket.getTLSTicket());
        socket.end('x');
      });
    }
  });
  const ticketKeys = Buffer.alloc(48, 7);
  await withServer({ ticketKeys }, echo, async (port, server) => {
    say('ticket keys', server.getTicketKeys().toString('hex').length);
    let session;
    for (let i = 0; i < 3; i++) {
      await new Promise((resolve) => {
        const socket = tls.connect({ host, port, ca: cert, servername: 'localhost', session });
        socket.on('session', (given) => {
          session = given;
        });
        socket.on('secureConnect', () => {
          say('ticket', socket.isSessionReused(), socket.getProtocol());
          socket.write('x');
        });
        socket.on('data', () => socket.end()).on('close', resolve);
      });
      if (i === 1) server.setTicketKeys(Buffer.alloc(48, 8));
    }
  });
}

async function stapled() {
  await withServer({ maxVersion: 'TLSv1.2' }, echo, async (port, server) => {
    server.on('OCSPRequest', (certificate, issuer, done) => {
      say('ocsp asked', certificate?.length > 0, issuer?.length > 0);
      setTimeout(() => done(null, Buffer.from('good')), 2);
    });
    await new Promise((resolve) => {
      const socket = tls.connect({
        host,
        port,
        ca: cert,
        servername: 'localhost',
        requestOCSP: true,
      });
      socket.on('OCSPResponse', (response) => say('ocsp', String(response)));
      socket.on('secureConnect', () => socket.end());
      socket.on('close', resolve).resume();
    });
  });
}

async function again() {
  await withServer({ maxVersion: 'TLSv1.2' }, echo, async (port, server) => {
    await connect({ port }, (socket) => {
      socket.renegotiate({ rejectUnauthorized: false }, (error) => {
        say('renegotiated', error);
        socket.end('x');
      });
    });
    server.once('secureConnection', (socket) => {
      socket.disableRenegotiation();
    });
    await connect({ port }, (socket) => {
      socket.renegotiate({}, (error) => {
        say('refused', error?.code);
        socket.destroy();
      });
    });
  });
}

async function protocols() {
  const ALPNCallback = ({ servername, protocols: given }) => {
    say('offered', servername, given.join());
    if (given.includes('throw')) throw new Error('thrown');
    return given.find((name) => name === 'b');
  };
  await withServer({ ALPNCallback }, echo, async (port) => {
    for (const given of [['a', 'b'], ['a'], ['throw'], undefined]) {
      await connect({ port, ALPNProtocols: given }, (socket) => {
        say('chosen', socket.alpnProtocol);
        socket.end();
      });
    }
  });
}

async function asked() {
  const keylog = (line) => say('server key', String(line).split(' ')[0]);
  const onSocket = (socket) => {
    say('shared', socket.getSharedSigalgs().length > 0, socket.getFinished()?.length);
    say('exported', socket.exportKeyingMaterial(16, 'label').toString('hex'));
    echo(socket);
  };
  await withServer({}, onSocket, async (port, server) => {
    server.on('keylog', keylog);
    await connect({ port, enableTrace: false }, (socket) => {
      say(JSON.stringify([socket.getCipher(), socket.getEphemeralKeyInfo(), socket.getProtocol()]));
      say(socket.getFinished().toString('hex'), socket.getPeerFinished()?.toString('hex'));
      say('exported', socket.exportKeyingMaterial(16, 'label').toString('hex'));
      say(socket.setMaxSendFragment(1024), socket.bytesRead, socket.bytesWritten);
      say(JSON.stringify(socket.address()), socket.remotePort === port, socket.encrypted);
      socket.setKeepAlive(true).setNoDelay(true);
      socket.end('q'.repeat(5000), () => say('ended', socket.bytesWritten));
    });
  });
}

/** Bytes that are no TLS, connections that say nothing, connections that are cut while they shake hands. */
async function strangers() {
  await withServer({ handshakeTimeout: 40 }, echo, async (port) => {
    const plain = (act) =>
      new Promise((resolve) => {
        const socket = net.connect(port, host, () => act(socket));
        socket.on('error', (error) => say('stranger', error.code));
        socket.on('data', (data) => say('told', data.length));
        socket.on('close', resolve);
      });
    await Promise.all([
      plain((socket) => socket.write('GET / HTTP/1.1\r\n\r\n')),
      plain((socket) => socket.end(Buffer.from([22, 3, 1, 2, 0, 1]))),
      plain((socket) => socket.resetAndDestroy()),
      plain(() => undefined),
    ]);
  });
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end('no tls here'));
  });
  await new Promise((resolve) => server.listen(0, host, resolve));
  await connect({ port: server.address().port });
  await new Promise((resolve) => {
    const socket = tls.connect({ host, port: server.address().port });
    socket.write('too early', (error) => say('early', error?.message));
    socket.on('error', (error) => say('early', error.message)).on('close', resolve);
  });
  server.close();
}

async function cut() {
  const chunk = Buffer.alloc(70_000, 'c');
  const onSocket = (socket) => {
    socket.on('error', (error) => say('cut server', error.code));
    socket.once('data', (data) => {
      socket.write(chunk, () => say('written', String(data)));
      if (String(data) === 'destroy') socket.destroy();
      if (String(data) === 'half') socket.end('bye');
      if (String(data) === 'idle') socket.setTimeout(10, () => socket.end('timed out'));
    });
  };
  await withServer({ allowHalfOpen: true }, onSocket, async (port) => {
    await Promise.all(
      ['reset', 'destroy', 'half', 'idle'].map(
        (kind) =>
          new Promise((resolve) => {
            const below = net.connect(port, host);
            const allowHalfOpen = kind === 'half';
            const socket = tls.connect({
              socket: below,
              ca: cert,
              servername: 'localhost',
              allowHalfOpen,
            });
            let size = 0;
            if (kind === 'reset') socket.once('data', () => below.resetAndDestroy());
            socket.write(kind);
            socket.on('data', (data) => {
              size += data.length;
            });
            socket.on('end', () => {
              say('end of', kind);
              setTimeout(() => socket.end('late'), 3);
            });
            socket.on('error', (error) => say(kind, error.code));
            socket.on('close', (hadError) => {
              say('closed', kind, size, hadError);
              resolve();
            });
          }),
      ),
    );
  });
}

/** A server that goes on writing to clients that are gone: a write may fail before it returns. */
async function gone() {
  const onSocket = (socket) => {
    let rest = 12;
    const more = () => {
      if (socket.destroyed || rest-- === 0) return socket.end();
      socket.write('g'.repeat(20_000), (error) => say('gone write', error?.code));
      return setTimeout(more, 1);
    };
    socket.on('error', (error) => say('gone', error.code));
    socket.on('close', () => say('gone closed', rest));
    more();
  };
  await withServer({}, onSocket, async (port) => {
    await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        connect({ port }, (socket) => {
          let size = 0;
          socket.on('data', (data) => {
            size += data.length;
            if (size > i * 9000) socket.destroy();
          });
        }),
      ),
    );
  });
}

/** Much in both directions, with pauses, corks, texts in several encodings and a buffer of the reader's. */
async function much() {
  await withServer({}, echo, async (port) => {
    await Promise.all([
      connect({ port }, (socket) => {
        let got = 0;
        socket.cork();
        socket.write('ä'.repeat(10), 'utf8');
        socket.write('6162', 'hex');
        socket.write('ü', 'latin1');
        socket.write('u', 'utf16le');
        socket.uncork();
        let rest = 40;
        const more = () => {
          while (rest-- > 0)
            if (!socket.write(Buffer.alloc(30_000, rest))) return void socket.once('drain', more);
          socket.end();
          return undefined;
        };
        more();
        socket.on('data', (data) => {
          got += data.length;
          socket.pause();
          setImmediate(() => socket.resume());
        });
        socket.on('end', () => say('much', got));
      }),
      new Promise((resolve) => {
        const onread = {
          buffer: Buffer.alloc(512),
          callback: (count, buffer) => {
            say('into', count, buffer.subarray(0, count).toString('latin1').slice(0, 4));
            if (count < 512) socket.end();
            return true;
          },
        };
        const socket = tls.connect({ host, port, ca: cert, onread }, () =>
          socket.write('r'.repeat(1300)),
        );
        socket.on('close', resolve);
      }),
    ]);
  });
}

/** A Unix socket; TLS within TLS; a server given its connections. */
async function layers() {
  const place = path.join(os.tmpdir(), `lockstep-tls-${process.pid}.sock`);
  const unix = tls.createServer({ key, cert }, echo);
  await new Promise((resolve) => unix.listen(place, resolve));
  await new Promise((resolve) => {
    const socket = tls.connect({ path: place, ca: cert, servername: 'localhost' }, () =>
      socket.end('unix'),
    );
    socket.on('data', (data) => say(String(data))).on('close', resolve);
  });
  unix.close();
  const inner = tls.createServer({ key, cert }, echo);
  await withServer(
    {},
    (outer) => inner.emit('connection', outer),
    (port) =>
      new Promise((resolve) => {
        const outer = tls.connect({ host, port, ca: cert }, () => {
          const socket = tls.connect({ socket: outer, ca: cert, servername: 'localhost' }, () =>
            socket.write('deep'),
          );
          socket.on('data', (data) => {
            say(String(data));
            socket.end();
          });
          socket.on('close', () => outer.end());
        });
        outer.on('error', (error) => say('outer', error.code)).on('close', resolve);
      }),
  );
}

/** Two ends of one stream, both JavaScript: no socket is below. */
function pair() {
  const ends = [];
  const make = (at) => {
    let done = null;
    const end = new Duplex({
      read() {
        const call = done;
        done = null;
        call?.();
      },
      write(chunk, _encoding, next) {
        setImmediate(() => ends[1 - at].take(chunk, next));
      },
      final(next) {
        setImmediate(() => {
          ends[1 - at].push(null);
          next();
        });
      },
    });
    end.take = (chunk, next) => {
      if (end.push(chunk)) next();
      else done = next;
    };
    return end;
  };
  ends.push(make(0), make(1));
  return ends;
}

async function streams() {
  const server = tls.createServer({ key, cert }, echo);
  await Promise.all(
    Array.from({ length: 4 }, (_, i) => {
      const [here, there] = pair();
      server.emit('connection', there);
      return connect({ socket: here }, (socket) => {
        socket.write(`stream ${i}`.repeat(i * 500 + 1));
        socket.once('data', (data) => {
          say('stream', i, data.length);
          if (i === 3) socket.destroy();
          else socket.end();
        });
      });
    }),
  );
}

const sections = {
  names,
  clients,
  sharedKeys,
  sessions,
  stapled,
  again,
  protocols,
  asked,
  strangers,
  cut,
  gone,
  much,
  layers,
  streams,
};

async function main() {
  const chosen = process.argv.slice(2);
  const run = Object.entries(sections).filter(([name]) => !chosen.length || chosen.includes(name));
  await Promise.all(run.map(([, section]) => section()));
  fs.writeFileSync('/dev/null', seen.join('\n'));
  console.log(seen.length);
}
void main();
