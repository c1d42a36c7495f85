// What native code of HTTP/2 calls writes down the stack that it stands on.
'use strict';
const fs = require('node:fs');
const http2 = require('node:http2');

const stack = (name) => () => fs.writeFileSync('/dev/null', new Error(name).stack);
const server = http2.createServer();
server.on('stream', (stream) => {
  stack('stream')();
  for (const event of ['data', 'close', 'finish', 'end']) stream.on(event, stack(event));
  stream.on('wantTrailers', () => {
    stack('trailers')();
    stream.close();
  });
  stream.respond({}, { waitForTrailers: true });
  stream.end('x', stack('ended'));
});
server.listen(0, '127.0.0.1', () => {
  const client = http2.connect(`http://127.0.0.1:${server.address().port}`);
  client.on('remoteSettings', stack('remote settings'));
  client.on('connect', () => {
    client.ping(stack('ping'));
    client.settings({ enablePush: false }, stack('settings'));
    const stream = client.request({ ':method': 'POST' });
    stream.write('abc');
    for (const event of ['response', 'data', 'error']) stream.on(event, stack(event));
    stream.on('close', () => {
      stack('closed')();
      client.close();
      server.close();
    });
    setTimeout(() => stream.end(), 5);
  });
});
