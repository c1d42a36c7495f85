// TLS in both directions: pools, fetch, STARTTLS, tunnels, refusals, resumption; many at once.
'use strict';
const fs = require('node:fs');
const https = require('node:https');
const net = require('node:net');
const path = require('node:path');
const { Duplex } = require('node:stream');
const tls = require('node:tls');

const read = (name) => fs.readFileSync(path.join(__dirname, 'keys', name));
const key = read('server-key.pem');
const cert = read('server-cert.pem');
const seen = [];
const say = (...words) => seen.push(words.join(' '));
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function listen(server) {
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve(server.address().port)),
  );
}

function get(options) {
  return new Promise((resolve) => {
    const request = https.request({ host: '127.0.0.1', ca: cert, ...options }, (response) => {
      let size = 0;
      response.on('data', (chunk) => {
        size += chunk.length;
      });
      response.on('end', () => resolve(`${response.statusCode} ${size} ${request.reusedSocket}`));
      response.on('error', (error) => resolve(`response ${error.code}`));
    });
    request.on('error', (error) => resolve(`request ${error.code}`));
    request.end(options.body);
  });
}

async function pooled() {
  const server = https.createServer({ key, cert }, async (request, response) => {
    let length = 0;
    for await (const chunk of request) length += chunk.length;
    await wait(Math.random() * 5);
    if (request.url === '/cut') return request.socket.destroy();
    response.setHeader('x-length', length);
    return response.end('x'.repeat(Number(request.url.slice(1)) || 10));
  });
  server.on('tlsClientError', (error) => say('client error', error.code));
  const port = await listen(server);
  const agent = new https.Agent({ keepAlive: true, maxSockets: 4 });
  const asked = Array.from({ length: 40 }, async (_, i) => {
    const size = i % 10 === 9 ? 300000 : i * 7;
    say(
      'pooled',
      i,
      await get({ port, agent, path: `/${size}`, method: 'POST', body: 'b'.repeat(i * 100) }),
    );
  });
  asked.push(get({ port, agent, path: '/cut' }).then((text) => say('cut', text)));
  await Promise.all(asked);
  say('untrusted', await get({ port, ca: undefined, path: '/1', agent: false }));
  say(
    'own check',
    await get({
      port,
      path: '/1',
      agent: false,
      checkServerIdentity: (_host, peer) => new Error(peer.subject.CN),
    }),
  );
  process.removeAllListeners('warning');
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
  const answers = await Promise.all(
    Array.from({ length: 8 }, async (_, i) =>
      (await fetch(`https://127.0.0.1:${port}/${i + 1}`)).text(),
    ),
  );
  say('fetch', answers.map((text) => text.length).join());
  agent.destroy();
  server.close();
  server.closeAllConnections();
}

async function raw() {
  const server = tls.createServer(
    { key, cert, ALPNProtocols: ['a', 'b'], requestCert: true, rejectUnauthorized: false },
    (socket) => {
      say(
        'server',
        socket.alpnProtocol,
        socket.servername,
        socket.authorized,
        socket.getProtocol(),
        socket.getPeerCertificate().subject?.CN,
      );
      socket.on('data', (data) => socket.write(`echo ${data}`));
      socket.on('end', () => socket.end('bye'));
      socket.on('error', (error) => say('server socket', error.code));
    },
  );
  const port = await listen(server);
  let session;
  for (let i = 0; i < 3; i++) {
    await new Promise((resolve) => {
      const options = {
        port,
        host: '127.0.0.1',
        ca: cert,
        servername: 'localhost',
        ALPNProtocols: ['b'],
        session,
        key,
        cert,
      };
      const socket = tls.connect(options, () => {
        say(
          'client',
          socket.alpnProtocol,
          socket.authorized,
          socket.isSessionReused(),
          socket.getCipher().name,
          socket.getPeerX509Certificate()?.subject,
          socket.getEphemeralKeyInfo().type,
        );
        socket.write('one');
        setTimeout(() => socket.end('two'), 5);
      });
      socket.on('session', (given) => {
        session = given;
        say('session', given.length > 0);
      });
      socket.on('keylog', (line) => say('keylog', String(line).split(' ')[0]));
      socket.setEncoding('utf8').on('data', (text) => say('got', text));
      socket.on('close', resolve);
    });
  }
  await new Promise((resolve) => {
    const socket = tls.connect({ port, host: '127.0.0.1', servername: 'other', ca: cert });
    socket.on('error', (error) => say('wrong name', error.code)).on('close', resolve);
  });
  await new Promise((resolve) => {
    const socket = tls.connect({ port: 1, host: '127.0.0.1' });
    socket.on('error', (error) => say('refused', error.code)).on('close', resolve);
  });
  server.close();
}

/** A plain server that answers STARTTLS and goes on encrypted, and a client that does the same. */
async function upgraded() {
  const server = net.createServer((plain) => {
    plain.once('data', () => {
      plain.write('go', () => {
        const socket = new tls.TLSSocket(plain, { isServer: true, key, cert });
        socket.on('data', (data) => socket.write(String(data).toUpperCase()));
        socket.on('error', (error) => say('upgraded', error.code));
      });
    });
  });
  const port = await listen(server);
  await Promise.all(
    Array.from(
      { length: 5 },
      (_, i) =>
        new Promise((resolve) => {
          const plain = net.connect(port, '127.0.0.1', () => plain.write('starttls'));
          plain.once('data', () => {
            const socket = tls.connect({ socket: plain, ca: cert, servername: 'localhost' }, () =>
              socket.write(`hello ${i}`),
            );
            socket.on('data', (data) => {
              say('upgraded', String(data));
              socket.destroy();
            });
            socket.on('close', resolve);
          });
        }),
    ),
  );
  server.close();
}

/** TLS through a stream of the program's own, over a socket. */
async function tunnelled() {
  const server = tls.createServer({ key, cert }, (socket) => {
    socket.on('data', (data) => socket.write(`tunnel ${data}`));
    socket.on('error', () => undefined);
  });
  const port = await listen(server);
  await Promise.all(
    Array.from(
      { length: 3 },
      (_, i) =>
        new Promise((resolve) => {
          const below = net.connect(port, '127.0.0.1');
          const tunnel = new Duplex({
            read() {
              below.resume();
            },
            write(chunk, _encoding, done) {
              below.write(chunk, done);
            },
            final(done) {
              below.end(done);
            },
          });
          below.on('data', (chunk) => {
            if (!tunnel.push(chunk)) below.pause();
          });
          below.on('end', () => tunnel.push(null));
          const socket = tls.connect({ socket: tunnel, ca: cert, servername: 'localhost' }, () =>
            socket.write(`hello ${i}`),
          );
          socket.on('data', (data) => {
            say('tunnelled', String(data));
            socket.end();
          });
          socket.on('error', (error) => say('tunnelled', error.code));
          socket.on('close', () => {
            below.destroy();
            resolve();
          });
        }),
    ),
  );
  server.close();
}

async function main() {
  await Promise.all([pooled(), raw(), upgraded()]);
  await tunnelled();
  // The order is one of chance; followers write the same bytes.
  fs.writeFileSync('/dev/null', seen.join('\n'));
  console.log(seen.length > 60, seen.filter((line) => line.includes('undefined')).length);
}
void main();
