/**
 * How pictures look, in light and in dark. Colours of lines are those of Okabe and Ito 2008 (Color Universal Design), which
 * people with any common colour blindness can tell apart; on dark they are of the same hues, and as far apart.
 */

interface Theme {
  readonly surface: string;
  readonly strong: string;
  readonly text: string;
  readonly grid: string;
  readonly axis: string;
  /** Blue, vermilion, green, purple, orange, sky blue. */
  readonly series: readonly string[];
}

const light: Theme = {
  surface: '#ffffff',
  strong: '#1f2328',
  text: '#59636e',
  grid: '#e9ecef',
  axis: '#9aa4ae',
  series: ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9'],
};

const dark: Theme = {
  surface: '#151b23',
  strong: '#f0f6fc',
  text: '#9aa7b4',
  grid: '#262e38',
  axis: '#5b6672',
  series: ['#4488ee', '#ee6f3c', '#45cfa2', '#bb78b4', '#f7ca3e', '#93dbf6'],
};

const rulesOf = ({ surface, strong, text, grid, axis, series }: Theme): string =>
  [
    `.surface{fill:${surface}}`,
    `text{fill:${text}}`,
    `.strong{fill:${strong}}`,
    `.grid{stroke:${grid}}`,
    `.axis{stroke:${axis}}`,
    ...series.map((colour, i) => `.s${i}{color:${colour}}`),
    `.end{stroke:${surface}}`,
  ].join('');

export const styleSheet = [
  'text{font:12px system-ui,-apple-system,"Segoe UI",Helvetica,Arial,sans-serif}',
  '.title{font-size:17px;font-weight:600}.name{font-size:13px;font-weight:600}',
  '.middle{text-anchor:middle}.right{text-anchor:end}',
  '.line{fill:none;stroke:currentColor;stroke-width:2.25;stroke-linejoin:round;stroke-linecap:round}',
  '.dashed{stroke-dasharray:7 5}.dotted{stroke-dasharray:1 5}.band{fill:currentColor;fill-opacity:.16}',
  '.end{fill:currentColor;stroke-width:1.5;stroke-dasharray:none}',
  '.leader{fill:none;stroke:currentColor;stroke-opacity:.6;stroke-dasharray:none}.goal{stroke-dasharray:2 4}',
  rulesOf(light),
  `@media (prefers-color-scheme:dark){${rulesOf(dark)}}`,
].join('');

const dashes = ['', ' dashed', ' dotted'];

/** Classes of the line that stands at `index` among all: when the colours are used up, they come again, dashed, then dotted. */
export function seriesClass(index: number): string {
  const colours = light.series.length;
  return `s${index % colours}${dashes[Math.floor(index / colours) % dashes.length]}`;
}
