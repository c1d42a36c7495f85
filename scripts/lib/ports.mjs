/** Looks whether ports are free before anything is started, so that a taken one stops nothing half-way. */
import { createServer } from 'node:net';
import { Problem } from './say.mjs';

/** Each port: its number, what it is for, and the variable that moves it (null where it is fixed). */
export async function requireFreePorts(ports) {
  for (const { port, purpose, variable } of ports) {
    const trouble = await listenOnce(port);
    if (trouble === null) continue;
    const move = variable === null ? '' : `, or use another: ${variable}=${port + 1} npm start`;
    const why =
      trouble === 'EADDRINUSE' ? 'is taken by another program' : `cannot be used (${trouble})`;
    throw new Problem(`Port ${port} (${purpose}) ${why}. Stop that program${move}.`);
  }
}

/** A port from the environment, or the default. */
export function portFrom(variable, standard) {
  const text = process.env[variable] || String(standard);
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new Problem(`${variable} is "${text}", which is no port. Use a number from 1 to 65535.`);
}

/** Null, or the code of the error that listening ends in. */
function listenOnce(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve(error.code));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () =>
      server.close(() => resolve(null)),
    );
  });
}
