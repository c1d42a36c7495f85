/**
 * Takes secrets out of evidence before it leaves the process: values under telling keys in objects, maps
 * and flat header lists, and in text and bytes header lines, JSON members and parameters of such names.
 * A keyed mark stands for the value, so that people see whether two replicas had the same one.
 */
import { createHmac } from 'node:crypto';
import { type EvidenceNode, KeyLabel } from '@lockstep/protocol';
import { deriveKey, type KeySource } from '../keys.ts';

/** Endings of names whose values are never shown, without case, `-` and `_`. */
const USUAL_NAMES: readonly string[] = [
  'password',
  'passwd',
  'passphrase',
  'authorization',
  'cookie',
  'token',
  'secret',
  'apikey',
  'privatekey',
  'credentials',
  'sessionid',
];

const MARK_CHARS = 8;

/** Text forms of `name, value`: a header line, a JSON member, a parameter. */
const TEXT_FORMS: readonly RegExp[] = [
  /(^|[\r\n])([\w-]{1,64})(:[ \t]*)([^\r\n]+)/g,
  /(["'])([\w-]{1,64})(\1[ \t]*:[ \t]*)("(?:[^"\\]|\\.)*"|[\w.+-]+)/g,
  /(^|[?&;\s])([\w-]{1,64})(=)([^&;\s]+)/g,
];

/** The password in a URL. */
const USER_INFO = /(:\/\/[^\s/:@]{0,256}:)([^\s/@]{1,256})@/g;

/** Redacts trees and text of one run. */
export class Redactor {
  private readonly endings: readonly string[];
  private readonly key: Buffer;

  constructor(source: KeySource, names: readonly string[]) {
    this.endings = [...USUAL_NAMES, ...names.map(plainName).filter((name) => name !== '')];
    this.key = deriveKey(source, KeyLabel.mac, 32);
  }

  /** The tree without secrets. */
  node(node: EvidenceNode): EvidenceNode {
    switch (node.type) {
      case 'string':
      case 'url':
        return { ...node, text: this.text(node.text) };
      case 'bytes':
        return this.bytes(node);
      case 'list':
        return { ...node, items: this.list(node.items) };
      case 'record':
        return {
          ...node,
          entries: node.entries.map(({ key, value }) => ({
            key: this.node(key),
            value: this.isSecretKey(key) ? this.hide(value) : this.node(value),
          })),
        };
      default:
        return node;
    }
  }

  /** Text without the values of secret headers, members and parameters. */
  text(text: string): string {
    let redacted = text.replace(USER_INFO, (_, before, value) => `${before}${this.mark(value)}@`);
    for (const form of TEXT_FORMS) {
      redacted = redacted.replace(form, (whole, before, name, between, value) =>
        this.isSecret(name) ? `${before}${name}${between}${this.mark(value)}` : whole,
      );
    }
    return redacted;
  }

  private bytes(node: Extract<EvidenceNode, { type: 'bytes' }>): EvidenceNode {
    const text = Buffer.from(node.base64, 'base64').toString('latin1');
    const redacted = this.text(text);
    if (redacted === text) return node;
    return { ...node, base64: Buffer.from(redacted, 'latin1').toString('base64') };
  }

  /** Raw headers come as a flat list: the item after a secret name is its value. */
  private list(items: readonly EvidenceNode[]): EvidenceNode[] {
    return items.map((item, index) => {
      const before = items[index - 1];
      const isValue = before !== undefined && index % 2 === 1 && this.isSecretKey(before);
      return isValue ? this.hide(item) : this.node(item);
    });
  }

  private isSecretKey(key: EvidenceNode): boolean {
    return key.type === 'string' && this.isSecret(key.text);
  }

  private isSecret(name: string): boolean {
    const plain = plainName(name);
    return this.endings.some((ending) => plain.endsWith(ending));
  }

  private hide(value: EvidenceNode): EvidenceNode {
    return { type: 'opaque', text: this.mark(JSON.stringify(value)) };
  }

  private mark(value: string): string {
    const mac = createHmac('sha256', this.key).update(value).digest('hex');
    return `[redacted ${mac.slice(0, MARK_CHARS)}]`;
  }
}

function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[-_]/g, '');
}
