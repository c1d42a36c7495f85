/** Translates the plan of a list into SQL. Field names come from our own rules, values are bound. */
import type { ListPlan } from '../list-plan.ts';
import type { SqlValue } from './database.ts';

/** A statement with the values to bind. */
export interface Bound {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

/** What a list reads of its table. */
export interface ListSource {
  readonly table: 'runs' | 'alerts' | 'incidents';
  readonly columns: string;
}

/** The statement for one page, and one object more to know whether another page follows. */
export function pageSql(source: ListSource, plan: ListPlan): Bound {
  const conditions = narrowing(plan);
  const direction = plan.order === 'asc' ? 'ASC' : 'DESC';
  const keys = sortKeys(plan);
  const after = continuation(plan, keys);
  const where = whereClause([...conditions.sql, ...after.sql]);
  const order = keys.map((key) => `${key} ${direction}`).join(', ');
  const columns = `${source.columns}, ${plan.sort} AS sortValue, at, id`;
  return {
    sql: `SELECT ${columns} FROM ${source.table}${where} ORDER BY ${order} LIMIT ?`,
    values: [...conditions.values, ...after.values, plan.limit + 1],
  };
}

/** The statement that counts the whole list. */
export function countSql(source: ListSource, plan: ListPlan): Bound {
  const { sql, values } = narrowing(plan);
  return { sql: `SELECT count(*) AS n FROM ${source.table}${whereClause(sql)}`, values };
}

interface Conditions {
  readonly sql: readonly string[];
  readonly values: readonly SqlValue[];
}

function narrowing(plan: ListPlan): Conditions {
  const sql = plan.equals.map(([field]) => `${field} IS ?`);
  const values: SqlValue[] = plan.equals.map(([, value]) => value);
  if (plan.text === null) return { sql, values };
  return { sql: [...sql, 'instr(text, ?) > 0'], values: [...values, plan.text] };
}

function sortKeys(plan: ListPlan): readonly string[] {
  return plan.sort === 'at' ? ['at', 'id'] : [plan.sort, 'at', 'id'];
}

function continuation(plan: ListPlan, keys: readonly string[]): Conditions {
  if (plan.after === null) return { sql: [], values: [] };
  const { value, at, id } = plan.after;
  const comparison = plan.order === 'asc' ? '>' : '<';
  const marks = keys.map(() => '?').join(', ');
  return {
    sql: [`(${keys.join(', ')}) ${comparison} (${marks})`],
    values: plan.sort === 'at' ? [at, id] : [value, at, id],
  };
}

function whereClause(conditions: readonly string[]): string {
  return conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
}
