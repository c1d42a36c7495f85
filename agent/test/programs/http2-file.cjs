// An HTTP/2 answer that native code reads from a file.
'use strict';
const http2 = require('node:http2');

const server = http2.createServer();
server.on('stream', (stream) => stream.respondWithFile(__filename));
server.listen(0, '127.0.0.1', () => {
  const client = http2.connect(`http://127.0.0.1:${server.address().port}`);
  const stream = client.request();
  let size = 0;
  stream.on('data', (chunk) => {
    size += chunk.length;
  });
  stream.on('close', () => {
    console.log(size);
    client.close();
    server.close();
  });
});
