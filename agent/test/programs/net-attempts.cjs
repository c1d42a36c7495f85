// Attempts one after another on several addresses, the first of which nobody answers at.
const net = require('node:net');

const server = net.createServer((socket) => socket.end('there'));
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  const lookup = (_name, _options, done) =>
    process.nextTick(done, null, [
      { address: '::1', family: 6 },
      { address: '10.255.255.1', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ]);
  const options = {
    port,
    host: 'somewhere',
    lookup,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: 40,
  };
  const socket = net.connect(options);
  for (const event of [
    'connectionAttempt',
    'connectionAttemptFailed',
    'connectionAttemptTimeout',
    'error',
    'close',
  ]) {
    socket.on(event, (...args) => console.log(event, ...args.map((a) => a?.code ?? a)));
  }
  socket.on('data', (b) =>
    console.log(String(b), socket.autoSelectFamilyAttemptedAddresses?.length),
  );
  socket.on('close', () => server.close());
  setTimeout(() => server.close(), 300).unref();
});
