// Loads HTTP/2 before anything else.
'use strict';
require('node:http2');
