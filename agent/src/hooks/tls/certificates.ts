/**
 * Certificates on their way to followers. The plain objects of `getPeerCertificate` point at their issuer, a
 * root at itself, so they travel as a list; native certificates travel as DER.
 */
import { builtin } from '../builtin.ts';
import type { AnswerCodec } from '../native/native-calls.ts';

interface Certificate {
  issuerCertificate?: Certificate;
}

/** A chain, each issued by the next; `isRooted`: the last one issued itself. */
interface Chain {
  readonly certificates: readonly object[];
  readonly isRooted: boolean;
}

/** More issuers than any chain in use; what follows is left out. */
const MAX_CHAIN = 32;

/** The answers of `getPeerCertificate` and `getCertificate` of the native object. */
export const plainCertificate: AnswerCodec = {
  carry: (result) => (isObject(result) ? chainOf(result) : result),
  restore: (carried) => (isObject(carried) ? certificateOf(carried as Chain) : carried),
};

function chainOf(first: Certificate): Chain {
  const certificates: object[] = [];
  let isRooted = false;
  for (let at: Certificate | undefined = first; at && certificates.length < MAX_CHAIN; ) {
    const { issuerCertificate, ...own }: Certificate = at;
    certificates.push(own);
    isRooted = issuerCertificate === at;
    at = isRooted ? undefined : issuerCertificate;
  }
  return { certificates, isRooted };
}

function certificateOf({ certificates, isRooted }: Chain): object {
  const chain = certificates as readonly Certificate[];
  for (const [index, certificate] of chain.entries()) {
    const issuer = chain[index + 1] ?? (isRooted ? certificate : undefined);
    if (issuer !== undefined) certificate.issuerCertificate = issuer;
  }
  return chain[0] ?? {};
}

/** A native certificate as far as it is used here; newer Nodes have accessors instead of methods. */
interface NativeCertificate {
  readonly raw: Uint8Array | (() => Uint8Array);
}

/** The answers of `getPeerX509Certificate` and `getX509Certificate` of the native object. */
export const nativeCertificate: AnswerCodec = {
  carry: (result) => {
    if (!isObject(result)) return result;
    const { raw } = result as unknown as NativeCertificate;
    return typeof raw === 'function' ? Reflect.apply(raw, result, []) : raw;
  },
  restore: (carried) => (carried instanceof Uint8Array ? nativeOf(carried) : carried),
};

/** `X509Certificate` keeps its native object under a symbol of Node's own, or (Node 26) is one itself. */
function nativeOf(der: Uint8Array): unknown {
  const certificate = new (builtin('crypto').X509Certificate)(Buffer.from(der));
  const symbols = Object.getOwnPropertySymbols(certificate);
  const handle = symbols.find((symbol) => symbol.description === 'kHandle');
  return handle === undefined ? certificate : Reflect.get(certificate, handle);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
