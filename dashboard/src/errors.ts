/**
 * The dashboard's errors: code, what a person reads (thing, value, remedy), and whether trying again
 * can help. Problems that the collector reports keep the collector's own code and sentence.
 */
import type { ApiProblem } from '@lockstep/protocol';

/** One row of the table. */
export interface ErrorRow {
  readonly message: string;
  readonly remedy: string;
  readonly retryable: boolean;
}

/** Codes of the errors that the dashboard itself raises. */
export type DashboardErrorCode =
  | 'DASHBOARD_UNREACHABLE'
  | 'DASHBOARD_ANSWER_UNREADABLE'
  | 'DASHBOARD_FRAME_UNREADABLE';

/** Every error that the dashboard itself raises. */
export const errorTable: Readonly<Record<DashboardErrorCode, ErrorRow>> = {
  DASHBOARD_UNREACHABLE: {
    message: 'The collector does not answer {path}.',
    remedy: 'Check that `lockstep up` is running; the page tries again by itself.',
    retryable: true,
  },
  DASHBOARD_ANSWER_UNREADABLE: {
    message: 'The collector answered {path} with status {status} and something that is not JSON.',
    remedy: 'Check for a proxy between browser and collector; reload after an upgrade.',
    retryable: true,
  },
  DASHBOARD_FRAME_UNREADABLE: {
    message: 'The live feed sent a frame that this page cannot read: {detail}.',
    remedy: 'Reload the page: dashboard and collector may be of different versions.',
    retryable: true,
  },
};

/** An error with a code, a full sentence and the HTTP status, if there was one. */
export class DashboardError extends Error {
  readonly code: string;
  readonly status: number | null;
  readonly retryable: boolean;

  constructor(
    fields: { code: string; message: string; status: number | null; retryable: boolean },
    options?: ErrorOptions,
  ) {
    super(fields.message, options);
    this.name = 'DashboardError';
    this.code = fields.code;
    this.status = fields.status;
    this.retryable = fields.retryable;
  }
}

/** What fills the placeholders of a message. */
export interface ErrorValues {
  readonly path?: string;
  readonly status?: number;
  readonly detail?: string;
}

/** Builds an error of the table; `values` fill the placeholders of its message. */
export function dashboardError(
  code: DashboardErrorCode,
  values: ErrorValues,
  cause?: unknown,
): DashboardError {
  const row = errorTable[code];
  const message = row.message.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    String(values[name as keyof ErrorValues] ?? name),
  );
  return new DashboardError(
    {
      code,
      message: `${message} ${row.remedy}`,
      status: values.status ?? null,
      retryable: row.retryable,
    },
    { cause },
  );
}

/** Wraps what the collector said; 5xx may pass, 4xx will not by itself. */
export function collectorError(status: number, problem: ApiProblem): DashboardError {
  return new DashboardError({
    code: problem.code,
    message: problem.message,
    status,
    retryable: status >= 500,
  });
}

/** The sentence to show for anything that was thrown. */
export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
