// Does nothing in a service; in a child whose program stands in its arguments, reads what it has no business with.
'use strict';
if (process.execArgv.includes('-e')) require('node:fs').readFile('/etc/hostname', () => undefined);
