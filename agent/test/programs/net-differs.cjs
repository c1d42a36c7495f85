// Sends what no hook sees and no two processes share: the trial must find the write that differs.
const net = require('node:net');
const v8 = require('node:v8');

const server = net.createServer((socket) => socket.pipe(socket));
server.listen(0, '127.0.0.1', () => {
  const socket = net.connect(server.address().port, '127.0.0.1');
  socket.end(`${v8.getHeapStatistics().used_heap_size}`);
  socket.resume().on('close', () => server.close());
});
