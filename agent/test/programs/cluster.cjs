// A cluster whose workers serve requests that the primary sends itself; one worker dies and is replaced.
'use strict';
const cluster = require('node:cluster');
const fs = require('node:fs');
const http = require('node:http');

if (cluster.isPrimary) {
  cluster.schedulingPolicy = process.argv[2] === 'none' ? cluster.SCHED_NONE : cluster.SCHED_RR;
  const seen = [];
  let listening = 0;
  for (let i = 0; i < 2; i++) cluster.fork();
  cluster.on('exit', (worker, code) => {
    seen.push(`exit ${worker.id} ${code}`);
    if (code === 5) cluster.fork();
  });
  cluster.on('message', (worker, message) =>
    seen.push(`message ${worker.id} ${JSON.stringify(message)}`),
  );
  cluster.on('listening', async (_worker, { port }) => {
    if (++listening !== 2) return;
    const ask = (path) =>
      new Promise((resolve) => {
        const request = http.get({ port, host: '127.0.0.1', path, agent: false }, (response) => {
          response.setEncoding('utf8').on('data', (text) => seen.push(text));
          response.on('end', resolve).on('error', resolve);
        });
        request.on('error', resolve);
      });
    for (let i = 0; i < 10; i++) await Promise.all([ask(`/${i}`), ask(`/${i}b`)]);
    await ask('/die');
    for (let i = 0; i < 5; i++) await ask(`/after-${i}`);
    fs.writeFileSync('/dev/null', seen.join('\n'));
    for (const worker of Object.values(cluster.workers)) worker.disconnect();
    console.log(seen.length > 20);
  });
} else {
  http
    .createServer((request, response) => {
      if (request.url === '/die') process.exit(5);
      process.send({ url: request.url });
      response.end(`${cluster.worker.id} ${request.url} ${process.pid}`);
    })
    .listen(0, '127.0.0.1');
}
