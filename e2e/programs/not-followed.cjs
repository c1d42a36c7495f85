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
  broadcast(done) {
    new BroadcastChannel('x').close();
    done();
  },
  blob(done) {
    fs.openAsBlob(__filename).then(done);
  },
  http2(done) {
    const http2 = require('node:http2');
    const server = http2.createServer();
    server.on('stream', (stream) => stream.respondWithFile(__filename));
    server.listen(0, '127.0.0.1', () => {
      const client = http2.connect(`http://127.0.0.1:${server.address().port}`);
      const stream = client.request();
      stream.resume().on('close', () => {
        client.close();
        server.close(done);
      });
    });
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
