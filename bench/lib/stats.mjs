/** Sorted samples and how they are printed. Machines are shared: no number without its spread. */

/** The value below which a share of the samples lies. */
export function quantile(samples, share) {
  const sorted = Float64Array.from(samples).sort();
  if (sorted.length === 0) return Number.NaN;
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

export function median(samples) {
  const sorted = Float64Array.from(samples).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** `min / median / max`. */
export function spread(samples, digits = 2) {
  return [quantile(samples, 0), median(samples), quantile(samples, 1)]
    .map((value) => value.toFixed(digits))
    .join(' / ');
}

/** What `a` is of `b`, round by round: what slowed one round down slowed both. */
export function ratios(a, b) {
  return a.map((value, round) => value / b[round]);
}

/** Prints rows under a title, columns aligned. Cells are text; the first row names the columns. */
export function table(title, rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row) =>
    row
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at])))
      .join('  ');
  const [head, ...body] = rows.map(line);
  process.stdout.write(`\n${title}\n${head}\n${'-'.repeat(head.length)}\n${body.join('\n')}\n`);
}
