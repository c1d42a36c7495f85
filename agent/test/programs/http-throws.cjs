// A request handler throws: the service ends as Node ends, with what it had printed.
const http = require('node:http');

const server = http.createServer((req, res) => {
  process.stdout.write(`asked ${req.url}\n`);
  if (req.url === '/bad') throw new TypeError('cannot read it');
  res.end('fine');
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  http.get({ port, path: '/good' }, (res) => {
    res.resume().on('end', () => http.get({ port, path: '/bad' }).on('error', () => undefined));
  });
});
