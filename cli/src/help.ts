/** Examples and exit codes behind each subcommand's options. People learn a command from these. */

export const help = {
  program: `
Try it:
  $ lockstep up                                            collector and dashboard on http://127.0.0.1:4600
  $ lockstep run --service shop -- node server.js          in another terminal: your service, two followers
  $ lockstep check -- node script.js                       without a collector: do three replicas agree?
`,
  up: `
Examples:
  $ lockstep up                                            everything kept in ~/.local/state/lockstep
  $ lockstep up --store ./lockstep-data                    kept in this folder
  $ lockstep up --store mongodb://127.0.0.1/lockstep       kept in MongoDB
  $ lockstep up --port 5600 --host 0.0.0.0                 reachable from other machines

Writes a service token for \`lockstep run\` to LOCKSTEP_TOKEN_FILE (default: ~/.local/state/lockstep/token).
Ctrl-C stops it; runs go on without it, and are compared when it is back.
`,
  run: `
The service runs as it would by itself: same streams, ports, folder, signals and exit code.
Lockstep's own lines go to standard error and start with "lockstep:".

Examples:
  $ lockstep run --service shop -- node server.js
  $ lockstep run --service shop --replicas 2 -- node --enable-source-maps dist/main.js --port 8080
  $ lockstep run --service shop --collector wss://lockstep.example:443 -- node server.js
  $ lockstep run --service shop --allow-drills -- node server.js     then: lockstep drill --service shop FILE

In package.json:  "start": "lockstep run --service shop -- node server.js"
Exit code: the service's own (its signal, if it died of one); 2 if it was not started.
`,
  check: `
Runs the command to its end, with followers beside it and a collector inside. Its effects happen once.

Examples:
  $ lockstep check -- node build.js
  $ lockstep check --replicas 2 --json -- node script.js > report.json
  $ lockstep check --drill payload.cjs -- node script.js             finds the payload, in the last follower
  $ lockstep check --drill payload.cjs@leader -- node script.js      the same in the leader

Exit code:
  0  all replicas agree, completely
  1  aberrant: a replica did something else
  2  wrong usage, or the command could not be started
  3  incomplete: a gap, a replica that ended early, an API that is not followed yet, the time was up
`,
  drill: `
The service must have been started with --allow-drills. The file runs inside the replica, with all its rights.

Examples:
  $ lockstep drill --service shop steal-credentials.cjs              the last follower: nothing leaves it
  $ lockstep drill --service shop steal-credentials.cjs@leader       the leader: the payload really acts
  $ lockstep drill --service shop --replica b steal-credentials.cjs
`,
  status: `
Examples:
  $ lockstep status
  $ lockstep status --service shop --json
`,
  alerts: `
Examples:
  $ lockstep alerts --service shop
  $ lockstep alerts --limit 1000 --json
`,
  incidents: `
Examples:
  $ lockstep incidents
  $ lockstep incidents --service shop --json
`,
} as const;
