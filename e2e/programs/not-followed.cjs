'use strict';
/** Uses one API that followers cannot follow yet, named by the first argument, and says that it worked. */
const fs = require('node:fs');

const uses = {
  session(done) {
    const { Session } = require('node:inspector');
    const session = new Session();
    session.connect();
    session.disconnect();
    done();
  },
  stream(done) {
    const stream = new ReadableStream();
    structuredClone(stream, { transfer: [stream] });
    done();
  },
  blob(done) {
    fs.openAsBlob(__filename).then(done);
  },
  nothing(done) {
    done();
  },
};

fs.appendFileSync('journal.txt', 'before\n');
uses[process.argv[2]](() => {
  fs.appendFileSync('journal.txt', 'after\n');
  console.log('used');
});
