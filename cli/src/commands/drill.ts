/** `lockstep drill`: asks the collector to let one replica of a running service load a file. */
import { HttpClient } from '../client/http-client.ts';
import { readToken } from '../client/token-file.ts';
import { readEnvironment } from '../environment.ts';
import { DrillTarget, parseDrill } from '../launch/drill-option.ts';

/** The options as commander hands them over. */
export interface DrillOptions {
  readonly service: string;
  readonly replica?: string;
  readonly collector: string;
}

/** Strikes a replica and says which. */
export async function drill(text: string, options: DrillOptions): Promise<void> {
  const { file, target } = parseDrill(text, process.cwd());
  const { service, replica, collector } = options;
  const token = readToken(readEnvironment(process.env).tokenFile);
  const answer = await new HttpClient(collector).post(
    '/api/drills',
    { service, file, replica: replica ?? (target === DrillTarget.follower ? null : target) },
    token,
  );
  const struck = (answer as { replica: string }).replica;
  process.stdout.write(
    `lockstep: replica ${struck} of ${service} loads ${file} now; see lockstep alerts\n`,
  );
}
