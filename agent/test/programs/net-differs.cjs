// Sends what no hook sees and the roles do not share: the trial must find the write that differs.
const { AsyncResource } = require('node:async_hooks');
const net = require('node:net');

const server = net.createServer((socket) => socket.pipe(socket));
server.listen(0, '127.0.0.1', () => {
  const socket = net.connect(server.address().port, '127.0.0.1');
  socket.end(`${new AsyncResource('DIFFERS').asyncId()}`);
  socket.resume().on('close', () => server.close());
});
