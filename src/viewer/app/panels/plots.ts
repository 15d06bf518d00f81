/** Plots of the agent in focus while it runs, and of episodes. They stop with the scrubber, at a cursor. */
import type { Hello, ViewEpisode, ViewFrame } from '../../protocol.ts';
import { readable } from '../logic/format.ts';
import { Series } from '../logic/series.ts';
import { Chart } from './chart.ts';
import { element, section, setText } from './element.ts';

const HEIGHT = 120;

interface StepPlot {
  readonly chart: Chart;
  readonly series: Series;
  values(frame: ViewFrame): ArrayLike<number>;
}

export class Plots {
  readonly element: HTMLElement;
  readonly #steps: readonly StepPlot[];
  readonly #episodes = new Series(1);
  readonly #lastEpisode = element('p', { class: 'hint' });
  readonly #episodeChart: Chart;
  #episodeCount = 0;
  #shown = '';

  constructor({ env, can }: Hello) {
    const plot = (title: string, curves: readonly string[], values: StepPlot['values']): StepPlot => {
      const series = new Series(curves.length);
      return { series, values, chart: new Chart({ title, curves, series, height: HEIGHT }) };
    };
    const names = env.action.map(({ name, unit }) => (unit === '1' ? name : `${name} (${unit})`));
    const terms = env.rewardTerms.length > 1;
    this.#steps = [
      plot('Reward of a step', terms ? [...env.rewardTerms, 'sum'] : ['reward'], ({ rewardTerms, reward }) =>
        terms ? [...rewardTerms, reward] : [reward],
      ),
      ...(can.value ? [plot('Estimated return to come', ['value'], ({ value }) => [value])] : []),
      plot('Action', names, ({ action }) => action),
    ];
    this.#episodeChart = new Chart({
      title: 'Return of an episode',
      curves: ['return'],
      series: this.#episodes,
      height: HEIGHT,
      points: true,
    });
    const charts = this.#charts().map(({ element }) => element);
    this.element = section('Plots', true, ...charts, this.#lastEpisode);
  }

  /** @param frame as recorded: its time never goes back */
  add(frame: ViewFrame): void {
    // Curves of two agents do not belong together.
    const shown = `${frame.focus} ${frame.agent}`;
    if (shown !== this.#shown) for (const { series } of this.#steps) series.clear();
    this.#shown = shown;
    for (const { series, values } of this.#steps) series.add(frame.time, values(frame));
  }

  addEpisode(episode: ViewEpisode): void {
    this.#episodes.add(++this.#episodeCount, [episode.return]);
    const outcome = { true: ', a success', false: ', no success', null: '' }[String(episode.success)];
    setText(
      this.#lastEpisode,
      `Last: ${episode.length} steps${outcome}, return ${readable(episode.return)}.`,
    );
  }

  /** @param shown time of the frame that is shown, s; null when it is the newest */
  draw(shown: number | null): void {
    for (const { chart } of this.#steps) chart.draw(shown);
    this.#episodeChart.draw(null);
  }

  applyColors(): void {
    for (const chart of this.#charts()) chart.applyColors();
  }

  dispose(): void {
    for (const chart of this.#charts()) chart.dispose();
  }

  #charts(): Chart[] {
    return [...this.#steps.map(({ chart }) => chart), this.#episodeChart];
  }
}
