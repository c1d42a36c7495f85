/**
 * Who may talk to the collector from a browser. It listens on loopback and knows no passwords yet, so
 * any page that the user has open could reach it: a page's own name made to point here (DNS
 * rebinding) is refused by the Host header, a page of another origin by the Origin header.
 * Programs that send neither (commands, Prometheus) are not browsers and are let through.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { HttpProblem } from './errors.ts';

/** Names by which this collector may be called. */
export interface HostRules {
  /** Address that the server is bound to. */
  readonly host: string;
  /** Further DNS names, as a reverse proxy or a cluster gives them. */
  readonly allowedHosts: readonly string[];
}

/** Throws `HTTP_HOST_REFUSED` unless the Host header is a name that nobody else can point here. */
export function checkHost(rules: HostRules, headers: IncomingHttpHeaders): void {
  const name = hostName(headers.host ?? '');
  if (name === null || !isOurs(rules, name)) {
    throw new HttpProblem('HTTP_HOST_REFUSED', { host: (headers.host ?? '').slice(0, 200) });
  }
}

/** Throws `HTTP_ORIGIN_REFUSED` when a page of another origin asks. */
export function checkOrigin(headers: IncomingHttpHeaders): void {
  const { origin, host } = headers;
  const site = headers['sec-fetch-site'];
  if (site === 'cross-site' || (origin !== undefined && originHost(origin) !== host)) {
    throw new HttpProblem('HTTP_ORIGIN_REFUSED', { origin: (origin ?? site ?? '').slice(0, 200) });
  }
}

/** True for methods that change something. */
export function changesState(method: string): boolean {
  return method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS';
}

function isOurs(rules: HostRules, name: string): boolean {
  if (isLoopback(name)) return true;
  if (rules.allowedHosts.includes(name)) return true;
  if (isLoopback(rules.host)) return false;
  // bound to the network on purpose: an address cannot be rebound, and our own names are ours
  return isIP(name) !== 0 || name === rules.host.toLowerCase() || name === hostname().toLowerCase();
}

function isLoopback(name: string): boolean {
  if (name === 'localhost' || name.endsWith('.localhost') || name === '::1') return true;
  return isIP(name) === 4 && name.startsWith('127.');
}

function hostName(host: string): string | null {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:/?#@[\]\s]+))(?::\d{1,5})?$/i.exec(host);
  return (match?.[1] ?? match?.[2])?.toLowerCase() ?? null;
}

function originHost(origin: string): string | null {
  const match = /^https?:\/\/([^/]+)$/i.exec(origin);
  return match?.[1] ?? null;
}
