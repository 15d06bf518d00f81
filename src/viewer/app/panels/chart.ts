/** A plot of curves over one axis, with a legend whose entries hide and show them. */
import UPlot from 'uplot';
import { readable } from '../logic/format.ts';
import type { Series } from '../logic/series.ts';
import { styleColor } from '../media.ts';
import { element, setText } from './element.ts';

const COLORS = 8;
const seriesColor = (curve: number): string => styleColor(`--series-${(curve % COLORS) + 1}`);
/** Curves beyond the colours are dashed. */
const dashes = [[], [6, 3], [2, 2]];

const NEVER = -1;

export interface ChartOptions {
  readonly title: string;
  readonly curves: readonly string[];
  readonly series: Series;
  /** Of the plot, px. */
  readonly height: number;
  /** Whether single points are marked: of curves that have few. */
  readonly points?: boolean;
}

export class Chart {
  readonly element: HTMLElement;
  readonly #series: Series;
  readonly #values: readonly HTMLElement[];
  readonly #plot: UPlot;
  readonly #height: number;
  /** Changes of the series that have been drawn. */
  #drawn = NEVER;
  /** Where the cursor stands; null without one. */
  #cursor: number | null = null;

  constructor({ title, curves, series, height, points = false }: ChartOptions) {
    this.#series = series;
    this.#height = height;
    this.#values = curves.map(() => element('span', { class: 'value' }));
    const legend = curves.map((name, i) => this.#legendEntry(name, i));
    const frame = element('div', { class: 'plot' });
    this.element = element(
      'figure',
      { class: 'chart', role: 'group', 'aria-label': title },
      // Not twice, where the legend of the only curve says it.
      ...(curves[0] === title ? [] : [element('figcaption', {}, title)]),
      element('div', { class: 'legend' }, ...legend),
      frame,
    );
    this.#plot = new UPlot(this.#options(curves, points), this.#data(), frame);
    new ResizeObserver(([entry]) => this.#resize(entry!.contentRect.width)).observe(frame);
  }

  /**
   * Draws all points, or, with a cursor, what it has drawn already and the values there.
   * @param cursor place on the x axis; null follows the newest point
   */
  draw(cursor: number | null): void {
    if (!this.#isVisible) {
      this.#drawn = NEVER;
      return;
    }
    const { changes } = this.#series;
    const followed = cursor === null;
    const moved = cursor !== this.#cursor;
    const fresh = this.#drawn === NEVER || (followed && changes !== this.#drawn);
    if (!moved && !fresh) return;
    this.#cursor = cursor;
    if (followed || fresh) {
      this.#plot.setData(this.#data());
      this.#drawn = changes;
    } else this.#plot.redraw(false);
    const at = followed ? this.#series.x.length - 1 : this.#series.indexAt(cursor);
    this.#values.forEach((value, i) => {
      setText(value, readable(this.#series.curves[i]![at]));
    });
  }

  /** Takes the colours of the page, after they have changed. */
  applyColors(): void {
    this.#plot.redraw(false, true);
  }

  dispose(): void {
    this.#plot.destroy();
  }

  /** Not folded away. */
  get #isVisible(): boolean {
    return this.element.offsetParent !== null;
  }

  #data(): UPlot.AlignedData {
    return [this.#series.x, ...this.#series.curves];
  }

  #legendEntry(name: string, curve: number): HTMLElement {
    const swatch = element('i');
    swatch.style.setProperty('--color', `var(--series-${(curve % COLORS) + 1})`);
    const entry = element(
      'button',
      { type: 'button', 'aria-pressed': 'true' },
      swatch,
      name,
      this.#values[curve]!,
    );
    entry.addEventListener('click', () => {
      const shown = entry.getAttribute('aria-pressed') !== 'true';
      entry.setAttribute('aria-pressed', String(shown));
      this.#plot.setSeries(curve + 1, { show: shown });
    });
    return entry;
  }

  #resize(width: number): void {
    if (width > 0) this.#plot.setSize({ width: Math.floor(width), height: this.#height });
  }

  #options(curves: readonly string[], points: boolean): UPlot.Options {
    const axis: UPlot.Axis = {
      stroke: () => styleColor('--muted'),
      font: '11px system-ui',
      grid: { stroke: () => styleColor('--line'), width: 1 },
      ticks: { show: false },
    };
    return {
      width: 280,
      height: this.#height,
      padding: [6, 18, 0, 0],
      legend: { show: false },
      cursor: { show: false },
      scales: { x: { time: false } },
      axes: [
        { ...axis, size: 26, gap: 5, space: 60 },
        { ...axis, size: 46, gap: 4, space: 24, values: (_, ticks) => ticks.map(tickLabel) },
      ],
      series: [
        {},
        ...curves.map((label, i) => ({
          label,
          stroke: () => seriesColor(i),
          width: 1.25,
          dash: dashes[Math.floor(i / COLORS) % dashes.length]!,
          points: { show: points },
        })),
      ],
      hooks: { draw: [(plot) => this.#drawCursor(plot)] },
    };
  }

  #drawCursor({ ctx, bbox, valToPos }: UPlot): void {
    if (this.#cursor === null) return;
    const x = valToPos(this.#cursor, 'x', true);
    if (x < bbox.left || x > bbox.left + bbox.width) return;
    ctx.save();
    ctx.fillStyle = styleColor('--accent');
    // On whole pixels, so that it is sharp.
    ctx.fillRect(Math.round(x), bbox.top, Math.ceil(devicePixelRatio), bbox.height);
    ctx.restore();
  }
}

const tickLabel = (value: number): string =>
  Math.abs(value) >= 1e4 || (value !== 0 && Math.abs(value) < 1e-3)
    ? value.toExponential(0)
    : String(Number(value.toPrecision(6)));
