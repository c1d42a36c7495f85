/**
 * The one number that says which wire format this is, and where it stands: in the WebSocket
 * subprotocol, in every binary frame's second byte and in `hello`. A change that an older peer
 * would misread raises it; a change that an older peer can ignore does not.
 */

/** Format version of binary frames and control frames. */
export const PROTOCOL_VERSION = 1;

/** WebSocket subprotocol that agents and collectors negotiate. */
export const AGENT_SUBPROTOCOL = 'lockstep.v1';

/** Path of the collector's WebSocket endpoint for agents. */
export const AGENT_PATH = '/agent';

/** Path of the collector's WebSocket endpoint for launchers (`lockstep run`, `lockstep check`). */
export const LAUNCHER_PATH = '/launcher';

/** Path of the collector's live feed for dashboards. */
export const LIVE_PATH = '/api/live';
