'use strict';
process.stdout.write('.');
