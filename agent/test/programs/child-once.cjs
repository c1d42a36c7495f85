// A child whose effect shows how often it ran.
require('node:child_process').spawn('echo', ['started'], { stdio: 'inherit' });
