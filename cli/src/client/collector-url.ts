/** `--collector`, in whichever scheme it was written: where its sockets and its HTTP API are. */
import { CliError } from '../errors.ts';
import type { CollectorAddress } from '../launch/relay.ts';

/** A collector's endpoints. Both URLs have no slash at the end. */
export interface CollectorUrl {
  readonly socketUrl: string;
  readonly httpUrl: string;
  readonly address: CollectorAddress;
  /** Path under which a proxy serves it, '' for none. */
  readonly pathPrefix: string;
}

const schemes: ReadonlyMap<string, boolean> = new Map([
  ['ws:', false],
  ['http:', false],
  ['wss:', true],
  ['https:', true],
]);

/** Parses `ws://`, `wss://`, `http://` or `https://HOST[:PORT][/PREFIX]`. */
export function parseCollectorUrl(text: string): CollectorUrl {
  const url = URL.canParse(text) ? new URL(text) : null;
  const secure = schemes.get(url?.protocol ?? '');
  if (url === null || secure === undefined || url.hostname === '') {
    throw new CliError('CLI_OPTION_INVALID', {
      option: '--collector',
      value: text,
      expected: 'the address of a collector, as ws://127.0.0.1:4600',
    });
  }
  const pathPrefix = url.pathname.replace(/\/+$/, '');
  const origin = `${url.host}${pathPrefix}`;
  return {
    socketUrl: `${secure ? 'wss' : 'ws'}://${origin}`,
    httpUrl: `${secure ? 'https' : 'http'}://${origin}`,
    address: {
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: Number(url.port || (secure ? 443 : 80)),
      secure,
    },
    pathPrefix,
  };
}
