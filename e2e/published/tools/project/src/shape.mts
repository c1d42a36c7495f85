/** A point. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Adds two points. */
export function add(a: Point, b: Point): Point {
  return { x: a.x + b.x, y: a.y + b.y };
}
