/** Keys of the query cache, in one place: the live feed writes where pages read. */

/** Key of a loaded list: its kind and its search. */
export type ListKey = readonly ['incidents' | 'alerts', object];

type Key = readonly [string, ...unknown[]];

/** All keys. */
export const queryKeys: {
  readonly services: Key;
  readonly collector: Key;
  readonly allIncidents: Key;
  readonly allAlerts: Key;
  readonly allDetails: Key;
  readonly incidents: (search: object) => ListKey;
  readonly alerts: (search: object) => ListKey;
  readonly incident: (id: string) => Key;
  readonly alert: (id: string) => Key;
} = {
  services: ['services'],
  collector: ['collector'],
  allIncidents: ['incidents'],
  allAlerts: ['alerts'],
  allDetails: ['incident'],
  incidents: (search) => ['incidents', search],
  alerts: (search) => ['alerts', search],
  incident: (id) => ['incident', id],
  alert: (id) => ['alert', id],
};
