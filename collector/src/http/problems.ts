/** Turns whatever a route throws into an answer with a problem that a person can act on. */
import type { ApiProblem } from '@lockstep/protocol';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { StoreAway, StoreError } from '../store/errors.ts';
import { HttpProblem } from './errors.ts';

/** Seconds after which a client may ask a store that was away again. */
const RETRY_AFTER_SECONDS = 5;

/** Where unexpected failures are reported, one line each. */
export type Report = (line: string) => void;

/** Answers `request` with the problem behind `error`. */
export function answerProblem(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  report: Report,
): FastifyReply {
  if (error instanceof HttpProblem) return send(reply, error.status, error.problem);
  if (error instanceof StoreError) return answerStoreError(error, reply);
  const problem = refused(error, request);
  if (problem !== null) return send(reply, problem.status, problem.problem);
  report(`${request.method} ${pathOf(request)} failed: ${stackOf(error)}`);
  const internal = new HttpProblem('HTTP_INTERNAL', place(request));
  return send(reply, internal.status, internal.problem);
}

/** The answer to a request that no route takes. */
export function unknownRoute(request: FastifyRequest): HttpProblem {
  return new HttpProblem('HTTP_ROUTE_UNKNOWN', place(request));
}

function answerStoreError(error: StoreError, reply: FastifyReply): FastifyReply {
  if (error instanceof StoreAway) void reply.header('retry-after', RETRY_AFTER_SECONDS);
  const status = error.code === 'STORE_CURSOR_INVALID' ? 400 : 503;
  return send(reply, status, { code: error.code, message: error.message });
}

function send(reply: FastifyReply, status: number, problem: ApiProblem): FastifyReply {
  return reply.code(status).type('application/json').send(problem);
}

/** What the framework or the file server refused before any route ran; null when the failure is ours. */
function refused(error: unknown, request: FastifyRequest): HttpProblem | null {
  if (!hasStatus(error) || error.statusCode >= 500) return null;
  const [issue] = error.validation ?? [];
  if (issue !== undefined) {
    const part = `${error.validationContext ?? 'request'}${issue.instancePath.replaceAll('/', '.')}`;
    return new HttpProblem('HTTP_REQUEST_INVALID', { part, problem: issueText(issue) });
  }
  if (!error.code?.startsWith('FST_')) return unknownRoute(request);
  const problem = error.message.replace(/\.$/, '');
  return new HttpProblem('HTTP_REQUEST_UNREADABLE', { ...place(request), problem });
}

type Issue = NonNullable<FastifyError['validation']>[number];

function issueText(issue: Issue): string {
  const { additionalProperty, allowedValues } = issue.params;
  if (typeof additionalProperty === 'string') return `does not take "${additionalProperty}"`;
  if (Array.isArray(allowedValues)) return `must be one of ${allowedValues.join(', ')}`;
  return issue.message ?? 'does not fit';
}

type Refusal = Error & Partial<FastifyError> & { readonly statusCode: number };

function hasStatus(error: unknown): error is Refusal {
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number';
}

function place(request: FastifyRequest): { method: string; path: string } {
  return { method: request.method, path: pathOf(request) };
}

function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0]?.slice(0, 200) ?? '';
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
