// Does nothing in a service; in its child, reads what the child has no business with.
'use strict';
if (process.send !== undefined) {
  process.on('message', ({ round }) => {
    if (round === 5) require('node:fs').readFile('/etc/hostname', () => undefined);
  });
}
