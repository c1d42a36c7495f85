/** Schemas of the frames in `launcher-frames.ts`, and their parsers. */
import * as v from 'valibot';
import { Reason, Role, RunState } from '../words.ts';
import { count, integer, list, name, runId, sentence, sha256, timestamp } from './fields.ts';
import type { LauncherFrame, LauncherReply } from './launcher-frames.ts';
import { type Parsed, parseFrame } from './validate.ts';

/** Replicas of one run. */
const MAX_REPLICAS = 32;
/** Arguments of one command. */
const MAX_ARGUMENTS = 10_000;

const launcherFrame: v.GenericSchema<unknown, LauncherFrame> = v.variant('type', [
  v.strictObject({
    type: v.literal('register'),
    version: count,
    token: name,
    runId,
    service: name,
    startedAt: timestamp,
    command: list(v.string(), MAX_ARGUMENTS),
    drill: v.boolean(),
    allowDrills: v.boolean(),
    replicas: list(
      v.strictObject({
        id: name,
        role: v.picklist(Object.values(Role)),
        variant: name,
        tokenHash: sha256,
      }),
      MAX_REPLICAS,
    ),
  }),
  v.strictObject({
    type: v.literal('replica-exit'),
    replica: name,
    exitCode: v.nullable(integer),
    signal: v.nullable(name),
  }),
  v.strictObject({ type: v.literal('run-end') }),
]);

const launcherReply: v.GenericSchema<unknown, LauncherReply> = v.variant('type', [
  v.strictObject({ type: v.literal('registered') }),
  v.strictObject({
    type: v.literal('run-state'),
    state: v.picklist(Object.values(RunState)),
    code: v.nullable(v.picklist(Object.values(Reason))),
    api: v.nullable(name),
    detail: sentence,
  }),
  v.strictObject({
    type: v.literal('refuse'),
    code: name,
    message: sentence,
    retryable: v.boolean(),
  }),
]);

/** Parses what a launcher said. */
export function parseLauncherFrame(text: string): Parsed<LauncherFrame> {
  return parseFrame(launcherFrame, text);
}

/** Parses what a collector said to a launcher. */
export function parseLauncherReply(text: string): Parsed<LauncherReply> {
  return parseFrame(launcherReply, text);
}
