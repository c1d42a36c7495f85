/**
 * JSON Schema, as far as the API needs it, bound to the TypeScript types: an object's schema must
 * name every field of its type, so a field that is added to one cannot be forgotten in the other.
 */

/** A JSON Schema. */
export type Schema = Readonly<Record<string, unknown>>;

/** An object that has exactly the fields of `T`. */
export function objectOf<T extends object>(fields: Readonly<Record<keyof T, Schema>>): Schema {
  const names = Object.keys(fields);
  return { type: 'object', required: names, additionalProperties: false, properties: fields };
}

export function listOf(items: Schema): Schema {
  return { type: 'array', items };
}

export function nullable(schema: Schema): Schema {
  return { anyOf: [schema, { type: 'null' }] };
}

export function oneOf(words: Readonly<Record<string, string>>): Schema {
  return { type: 'string', enum: Object.values(words) };
}

/** A named schema of the document's components. */
export function ref(name: string): Schema {
  return { $ref: `${name}#` };
}

export const text: Schema = { type: 'string' };
export const count: Schema = { type: 'integer', minimum: 0 };
export const numeric: Schema = { type: 'number' };
export const flag: Schema = { type: 'boolean' };
export const time: Schema = { type: 'string', format: 'date-time' };
