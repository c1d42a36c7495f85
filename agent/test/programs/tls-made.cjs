/** A server that puts TLS over a connection by itself, or makes a TLS server: `made` or `served`. */
'use strict';
const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');
const tls = require('node:tls');

const read = (name) => fs.readFileSync(path.join(__dirname, 'keys', name));
const options = { key: read('server-key.pem'), cert: read('server-cert.pem') };

if (process.argv[2] === 'served') {
  tls.createServer(options);
  console.log('went on');
} else {
  const server = net.createServer((plain) => {
    const socket = new tls.TLSSocket(plain, { isServer: true, ...options });
    socket.destroy();
    server.close(() => console.log('went on'));
  });
  server.listen(0, '127.0.0.1', () => {
    net
      .connect(server.address().port, '127.0.0.1')
      .on('error', () => undefined)
      .resume();
  });
}
