/** `lockstep drill`: asks the collector to let one replica of a running service load a file. */
import type { DrillAnswer } from '@lockstep/collector';
import { parseCollectorUrl } from '../client/collector-url.ts';
import { readToken } from '../client/token-file.ts';
import { askForDrill, controlPath } from '../collector/control-door.ts';
import { readEnvironment } from '../environment.ts';
import { CliError, detailOf } from '../errors.ts';
import { DrillTarget, parseDrill } from '../launch/drill-option.ts';
import { LEADER } from '../launch/replica-plan.ts';

/** The options as commander hands them over. */
export interface DrillOptions {
  readonly service: string;
  readonly replica?: string;
  readonly collector: string;
}

/** Strikes a replica and says which. */
export async function drill(text: string, options: DrillOptions): Promise<void> {
  const { file, target } = parseDrill(text, process.cwd());
  const { service, collector } = options;
  const replica = options.replica ?? replicaOf(target, text);
  const token = readToken(readEnvironment(process.env).tokenFile);
  const url = parseCollectorUrl(collector);
  const path = controlPath(token, url.address.port);
  const answer = await askForDrill(path, { service, replica, file }).catch((error: unknown) => {
    throw new CliError('CLI_COLLECTOR_AWAY', {
      url: url.httpUrl,
      detail: detailOf(error),
      cause: error,
    });
  });
  if (!answer.ok) throw refusal(answer.why, service, replica);
  process.stdout.write(
    `lockstep: replica ${answer.replica} of ${service} loads ${file} now; see: lockstep alerts\n`,
  );
}

/** Null is the last follower. */
function replicaOf(target: DrillTarget, text: string): string | null {
  switch (target) {
    case DrillTarget.follower:
      return null;
    case DrillTarget.leader:
      return LEADER;
    case DrillTarget.all:
      throw new CliError('CLI_OPTION_INVALID', {
        option: 'The drill file',
        value: text,
        expected: 'one replica of a running service: @leader, @follower, or --replica ID',
      });
  }
}

function refusal(
  why: Extract<DrillAnswer, { ok: false }>['why'],
  service: string,
  replica: string | null,
): CliError {
  switch (why) {
    case 'unknown-service':
      return new CliError('CLI_DRILL_NO_SERVICE', { service });
    case 'not-allowed':
      return new CliError('CLI_DRILL_NOT_ALLOWED', { service });
    case 'unknown-replica':
      return new CliError('CLI_DRILL_NO_REPLICA', { service, replica: replica ?? 'that follows' });
  }
}
