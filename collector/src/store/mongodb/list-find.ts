/** Translates the plan of a list into MongoDB's language. Field names come from our own rules. */
import type { Collection, Document, Filter, Sort } from 'mongodb';
import type { Found, ListPlan } from '../list-plan.ts';

/** A document that a list can hold. */
interface Listed extends Document {
  readonly _id: string;
  readonly at: string;
}

/** The objects of one page, and one more to know whether another page follows. */
export async function findPage<D extends Listed, T>(
  collection: Collection<D>,
  plan: ListPlan,
  read: (document: D) => T,
): Promise<readonly Found<T>[]> {
  const filter = { $and: [narrowing(plan), continuation(plan)] } as Filter<D>;
  const documents = await collection
    .find(filter, { sort: sortOf(plan), limit: plan.limit + 1, projection: { expireAt: 0 } })
    .toArray();
  return documents.map((found) => {
    const document = found as D;
    const value = document[plan.sort] as string | number | null;
    return { item: read(document), position: { value, at: document.at, id: document._id } };
  });
}

/** Counts the whole list. Without an equality the planner would read every document, so it is told not to. */
export function countList<D extends Listed>(
  collection: Collection<D>,
  plan: ListPlan,
): Promise<number> {
  const filter = narrowing(plan) as Filter<D>;
  if (plan.equals.length > 0) return collection.countDocuments(filter);
  return collection.countDocuments(filter, { hint: plan.text === null ? '_id_' : 'text' });
}

function narrowing(plan: ListPlan): Document {
  const filter: Document = Object.fromEntries(plan.equals);
  return plan.text === null ? filter : { ...filter, text: { $regex: escaped(plan.text) } };
}

function continuation(plan: ListPlan): Document {
  if (plan.after === null) return {};
  const { value, at, id } = plan.after;
  const beyond = plan.order === 'asc' ? '$gt' : '$lt';
  const later = [{ at: { [beyond]: at } }, { at, _id: { [beyond]: id } }];
  if (plan.sort === 'at') return { $or: later };
  return { $or: [{ [plan.sort]: { [beyond]: value } }, { [plan.sort]: value, $or: later }] };
}

function sortOf(plan: ListPlan): Sort {
  const direction = plan.order === 'asc' ? 1 : -1;
  return { [plan.sort]: direction, at: direction, _id: direction };
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
