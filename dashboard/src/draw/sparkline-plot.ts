/**
 * Draws a rate series with uPlot: no axes, no legend, no cursor, one line over a light fill. Pure in
 * the sense that what it is given is all it shows; colours come from the element's own style.
 */
import uPlot from 'uplot';
import type { RateSeries } from '../model/rate-history.ts';

/** Width of the time axis: a fresh history grows from the right instead of being stretched. */
const WINDOW_SECONDS = 120;

/** Size of a sparkline in CSS pixels. */
export interface SparklineSize {
  readonly width: number;
  readonly height: number;
}

/** Room above the line, so that a peak is not cut. */
const HEADROOM = 1.15;

function lineColor(plot: uPlot): string {
  return getComputedStyle(plot.root).color;
}

function dataOf(series: RateSeries): uPlot.AlignedData {
  return [[...series.seconds], [...series.rates]];
}

/** Creates a sparkline inside `element`; returns how to show another series and how to end it. */
export function plotSparkline(
  element: HTMLElement,
  size: SparklineSize,
  first: RateSeries,
): { readonly show: (series: RateSeries) => void; readonly end: () => void } {
  let series = first;
  const options: uPlot.Options = {
    ...size,
    legend: { show: false },
    cursor: { show: false },
    axes: [{ show: false }, { show: false }],
    padding: [1, 1, 1, 1],
    scales: {
      x: {
        time: false,
        range: () => {
          const last = series.seconds.at(-1) ?? 0;
          return [last - WINDOW_SECONDS, last];
        },
      },
      y: { range: () => [0, series.top * HEADROOM] },
    },
    series: [
      {},
      {
        stroke: lineColor,
        fill: (plot: uPlot) => `color-mix(in srgb, ${lineColor(plot)} 14%, transparent)`,
        width: 1.25,
        points: { show: false },
        spanGaps: false,
      },
    ],
  };
  const plot = new uPlot(options, dataOf(first), element);
  return {
    show: (next) => {
      series = next;
      plot.setData(dataOf(next));
    },
    end: () => plot.destroy(),
  };
}
