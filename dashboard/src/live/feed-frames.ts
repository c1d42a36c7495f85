/**
 * Reads frames of the live feed and keeps their order. The feed is trusted to send the shapes of its
 * own version (same origin, same release); the envelope is checked, because a proxy's error page or
 * an older collector would otherwise fail somewhere deep in a component.
 */
import type { LiveFrame } from '@lockstep/protocol';
import { dashboardError } from '../errors.ts';

/** Parses one message; throws `DASHBOARD_FRAME_UNREADABLE`. */
export function readFrame(data: unknown): LiveFrame {
  if (typeof data !== 'string') throw unreadable('it is binary');
  let parsed: unknown;
  try {
    parsed = JSON.parse(data);
  } catch (cause) {
    throw unreadable('it is not JSON', cause);
  }
  if (!isFrame(parsed)) throw unreadable('type or sequence is unknown');
  return parsed;
}

function unreadable(detail: string, cause?: unknown): Error {
  return dashboardError('DASHBOARD_FRAME_UNREADABLE', { detail }, cause);
}

function isFrame(value: unknown): value is LiveFrame {
  if (typeof value !== 'object' || value === null) return false;
  if (!('type' in value && 'sequence' in value) || typeof value.sequence !== 'number') return false;
  if (value.type === 'snapshot') return 'services' in value && Array.isArray(value.services);
  return value.type === 'patch' || value.type === 'heartbeat';
}

/** What a frame means after those before it. */
export type FrameOrder = 'in-order' | 'repeated' | 'hole';

/**
 * Places a frame after sequence number `last` (null before the snapshot). A patch carries the next
 * number, a heartbeat repeats the last one: a heartbeat that is ahead betrays a patch that was lost.
 */
export function frameOrder(last: number | null, frame: LiveFrame): FrameOrder {
  if (frame.type === 'snapshot') return 'in-order';
  if (last === null) return 'hole';
  const due = frame.type === 'heartbeat' ? last : last + 1;
  if (frame.sequence === due) return 'in-order';
  return frame.sequence < due ? 'repeated' : 'hole';
}
