// Uses TLS, which is not followed yet, and goes on; nobody answers on port 1.
const tls = require('node:tls');

setTimeout(() => {
  const socket = tls.connect(1, '127.0.0.1');
  socket.on('error', (error) => console.log(error.code));
}, 5);
