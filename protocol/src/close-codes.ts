/** WebSocket close codes that Lockstep's endpoints use, beside the standard ones. */
export const CloseCode = {
  /** A frame that is not what the protocol says. */
  malformed: 4400,
  /** No valid token for this run and replica. */
  unauthorized: 4401,
  /** A connection number that is not higher than the last, or a stream out of order. */
  conflict: 4409,
  /** The initial setting differs from the leader's. */
  settingDiffers: 4412,
  /** A frame or list over its limit. */
  tooLarge: 4413,
  /** Another protocol version. */
  version: 4426,
  /** The collector is stopping; come back. */
  goingAway: 4503,
} as const;
export type CloseCode = (typeof CloseCode)[keyof typeof CloseCode];
