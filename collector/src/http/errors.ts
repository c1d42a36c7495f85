/** What the HTTP API refuses, and why: one table, from which every answer with a problem is made. */
import type { ApiProblem } from '@lockstep/protocol';

/** One row of the table. `{name}` in a message is filled with the value of that name. */
export interface HttpErrorRow {
  readonly message: string;
  readonly remedy: string;
  readonly retryable: boolean;
  /** HTTP status of the answer. */
  readonly status: number;
}

/** Codes of the problems that the HTTP API reports by itself. */
export type HttpErrorCode =
  | 'HTTP_ROUTE_UNKNOWN'
  | 'HTTP_INCIDENT_UNKNOWN'
  | 'HTTP_ALERT_UNKNOWN'
  | 'HTTP_REQUEST_INVALID'
  | 'HTTP_ACTOR_INVALID'
  | 'HTTP_REQUEST_UNREADABLE'
  | 'HTTP_HOST_REFUSED'
  | 'HTTP_ORIGIN_REFUSED'
  | 'HTTP_LIVE_FULL'
  | 'HTTP_INTERNAL';

/** Every problem that the HTTP API reports by itself; the store's keep their own codes. */
export const httpErrorTable: Readonly<Record<HttpErrorCode, HttpErrorRow>> = {
  HTTP_ROUTE_UNKNOWN: {
    message: 'There is no {method} {path}.',
    remedy: 'See /api/openapi.json for what there is.',
    retryable: false,
    status: 404,
  },
  HTTP_INCIDENT_UNKNOWN: {
    message: 'There is no incident "{id}".',
    remedy: 'Look it up in /api/incidents; resolved incidents go when retention ends.',
    retryable: false,
    status: 404,
  },
  HTTP_ALERT_UNKNOWN: {
    message: 'There is no alert "{id}".',
    remedy: 'Look it up in /api/alerts; alerts go with their incident when retention ends.',
    retryable: false,
    status: 404,
  },
  HTTP_REQUEST_INVALID: {
    message: 'The request is not valid: {part} {problem}.',
    remedy: 'See /api/openapi.json for what it takes.',
    retryable: false,
    status: 400,
  },
  HTTP_ACTOR_INVALID: {
    message: 'The header x-lockstep-actor is not a name ({problem}).',
    remedy: 'Send 1 to 100 printable characters, percent-encoded where they are not ASCII.',
    retryable: false,
    status: 400,
  },
  HTTP_REQUEST_UNREADABLE: {
    message: 'The request {method} {path} cannot be read ({problem}).',
    remedy: 'Send a well-formed URL and, as body, JSON of at most 64 KiB (application/json).',
    retryable: false,
    status: 400,
  },
  HTTP_HOST_REFUSED: {
    message: 'The collector does not go by the name "{host}".',
    remedy: 'Use localhost or an IP address, or name the host when starting the collector.',
    retryable: false,
    status: 403,
  },
  HTTP_ORIGIN_REFUSED: {
    message: 'Pages of "{origin}" may not use this collector.',
    remedy: 'Open the dashboard that the collector itself serves.',
    retryable: false,
    status: 403,
  },
  HTTP_LIVE_FULL: {
    message: 'All {limit} places of the live feed are taken.',
    remedy: 'Close other dashboards; the page tries again by itself.',
    retryable: true,
    status: 503,
  },
  HTTP_INTERNAL: {
    message: 'The collector failed at {method} {path}.',
    remedy: 'Its standard error says why; report it with that text.',
    retryable: false,
    status: 500,
  },
};

/** A problem of the table on its way to the answer. */
export class HttpProblem extends Error {
  readonly code: HttpErrorCode;
  readonly status: number;

  constructor(code: HttpErrorCode, values: Readonly<Record<string, string | number>>) {
    super(sentence(code, values));
    this.name = 'HttpProblem';
    this.code = code;
    this.status = httpErrorTable[code].status;
  }

  /** Body of the answer. */
  get problem(): ApiProblem {
    return { code: this.code, message: this.message };
  }
}

function sentence(code: HttpErrorCode, values: Readonly<Record<string, string | number>>): string {
  const row = httpErrorTable[code];
  const message = row.message.replaceAll(/\{(\w+)\}/g, (whole, name: string) =>
    String(values[name] ?? whole),
  );
  return `${message} ${row.remedy}`;
}
