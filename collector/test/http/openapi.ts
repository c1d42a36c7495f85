/** Holds real answers to the OpenAPI document that the collector itself serves. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Harness } from './harness.ts';

interface Operation {
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: object }>> }>
  >;
}

/** The served document, as far as the tests look at it. */
export interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

/** Answers what is wrong with a body, or null. */
export type BodyCheck = (answer: BodyOf) => string | null;

/** A body and where it came from: the route as the document names it. */
export interface BodyOf {
  readonly route: string;
  readonly method?: string;
  readonly status: number;
  readonly body: unknown;
}

/** Reads the document and makes a check of it. */
export async function readDocument(
  harness: Harness,
): Promise<{ document: Document; check: BodyCheck }> {
  const document = (await (await harness.get('/api/openapi.json')).json()) as Document;
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema({ ...document, $id: 'api' });
  const check: BodyCheck = ({ route, method = 'get', status, body }) => {
    const responses = document.paths[route]?.[method]?.responses ?? {};
    const key = [String(status), `${Math.floor(status / 100)}XX`].find((name) => name in responses);
    if (key === undefined) return `${method} ${route} has no answer ${status}`;
    const path = [route, method, 'responses', key, 'content', 'application/json', 'schema'];
    const pointer = path.map((part) =>
      encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')),
    );
    const validate = ajv.getSchema(`api#/paths/${pointer.join('/')}`);
    if (validate === undefined) return `${method} ${route} ${key} has no schema`;
    return validate(body) === true ? null : ajv.errorsText(validate.errors);
  };
  return { document, check };
}
