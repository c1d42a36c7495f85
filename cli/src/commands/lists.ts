/** `lockstep status`, `alerts` and `incidents`: the collector's lists, for people or as one JSON object. */
import type { AlertView, IncidentView, Page, ServiceView } from '@lockstep/protocol';
import { HttpClient } from '../client/http-client.ts';
import { LIST_ROWS } from '../limits.ts';
import { alertsObject, incidentsObject, statusObject } from '../report/list-objects.ts';
import { alertsText, incidentsText, statusText } from '../report/list-tables.ts';

/** The options as commander hands them over. */
export interface ListOptions {
  readonly service?: string;
  readonly collector: string;
  readonly json?: boolean;
  readonly limit?: number;
}

async function status({ service, collector, json }: ListOptions): Promise<void> {
  const http = new HttpClient(collector);
  const { items: services } = await http.get<Page<ServiceView>>('/api/services', { service });
  print(json === true ? JSON.stringify(statusObject(services)) : statusText(services));
}

async function alerts({ service, collector, json, limit = LIST_ROWS }: ListOptions): Promise<void> {
  const http = new HttpClient(collector);
  const rows = await http.list<AlertView>('/api/alerts', { service }, limit);
  print(json === true ? JSON.stringify(alertsObject(rows)) : alertsText(rows));
}

async function incidents(options: ListOptions): Promise<void> {
  const { service, collector, json, limit = LIST_ROWS } = options;
  const http = new HttpClient(collector);
  const rows = await http.list<IncidentView>('/api/incidents', { service }, limit);
  print(json === true ? JSON.stringify(incidentsObject(rows)) : incidentsText(rows));
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** By the subcommand's name. */
export const lists: Readonly<
  Record<'status' | 'alerts' | 'incidents', (options: ListOptions) => Promise<void>>
> = { status, alerts, incidents };
