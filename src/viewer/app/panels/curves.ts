/** Training curves: one small plot for each chosen metric, since their scales have nothing in common. */
import type { ViewMetrics } from '../../protocol.ts';
import { Series } from '../logic/series.ts';
import { Chart } from './chart.ts';
import { element, section } from './element.ts';

const HEIGHT = 90;
/** What is plotted until somebody chooses: how well it does, and what it minimises. */
const CHOSEN = /success_rate|ep_rew_mean|return_mean|loss/;

interface Curve {
  readonly chart: Chart;
  readonly series: Series;
}

export class Curves {
  readonly element: HTMLElement;
  readonly #curves = new Map<string, Curve>();
  readonly #choices = element('div', { class: 'choices', role: 'group', 'aria-label': 'Curves to plot' });
  readonly #charts = element('div');

  constructor() {
    this.element = section('Training', true, this.#charts, section('Choose curves', false, this.#choices));
    this.element.hidden = true;
  }

  add({ step, values }: ViewMetrics): void {
    this.element.hidden = false;
    for (const [name, value] of Object.entries(values)) this.#curve(name).series.add(step, [value]);
  }

  draw(): void {
    for (const { chart } of this.#curves.values()) chart.draw(null);
  }

  applyColors(): void {
    for (const { chart } of this.#curves.values()) chart.applyColors();
  }

  dispose(): void {
    for (const { chart } of this.#curves.values()) chart.dispose();
  }

  #curve(name: string): Curve {
    const known = this.#curves.get(name);
    if (known) return known;
    const series = new Series(1);
    const chart = new Chart({ title: name, curves: [name], series, height: HEIGHT });
    const choice = element('input', { type: 'checkbox', checked: CHOSEN.test(name) });
    const show = (): void => {
      chart.element.hidden = !choice.checked;
    };
    choice.addEventListener('change', show);
    show();
    this.#charts.append(chart.element);
    this.#choices.append(element('label', {}, choice, name));
    const curve = { chart, series };
    this.#curves.set(name, curve);
    return curve;
  }
}
