/** The page of the demo: the viewer over workers instead of a server, and a bar to choose what is seen. */
import { connectPort } from '../../src/viewer/app/connection.ts';
import { startPage } from '../../src/viewer/app/page.ts';
import './demo.css';
import hoverUrl from './assets/drone-hover.onnx?url';
import swimUrl from './assets/fin-base-fsi.onnx?url';
import graspUrl from './assets/hand-grasp-lift.onnx?url';
import cloneUrl from './assets/hand-grasp-lift-clone.onnx?url';
import bumpUrl from './assets/volley-solo-bump.onnx?url';
import type { FlightOptions } from './flight.ts';
import type { WorkerReport, WorkerRequest } from './messages.ts';

const byId = <E extends HTMLElement>(id: string): E => document.getElementById(id) as E;
const buttons = {
  hover: byId<HTMLButtonElement>('hover'),
  bump: byId<HTMLButtonElement>('bump'),
  swim: byId<HTMLButtonElement>('swim'),
  grasp: byId<HTMLButtonElement>('grasp'),
  training: byId<HTMLButtonElement>('train-here'),
  learned: byId<HTMLButtonElement>('fly-learned'),
};
type Shown = keyof typeof buttons;
interface Trained {
  readonly env: string;
  readonly url: string;
  /** Of what it corrects. */
  readonly base?: string;
}
/** What was trained before, by its button. */
const trained: Readonly<Record<'hover' | 'bump' | 'swim' | 'grasp', Trained>> = {
  hover: { env: 'drone-hover', url: hoverUrl },
  bump: { env: 'volley-solo-bump', url: bumpUrl },
  swim: { env: 'fin-base-fsi', url: swimUrl },
  grasp: { env: 'hand-grasp-lift', url: graspUrl, base: cloneUrl },
};
const pauseButton = byId<HTMLButtonElement>('pause-training');
const stopButton = byId<HTMLButtonElement>('stop-training');
const progress = byId<HTMLProgressElement>('progress');

interface Training {
  readonly worker: Worker;
  paused: boolean;
  finished: boolean;
  step: number;
  /** The last evaluation, in words. */
  evaluation: string;
}
let training: Training | undefined;
/** The best policy that was learnt here. */
let learned: Uint8Array | undefined;
let flight: Worker | undefined;
let takeDown = (): void => {};
/** What a person asked for last, which may take a moment to be there. */
let wanted: Shown = 'hover';

const percent = (fraction: number): string => `${Math.round(100 * fraction)} %`;
const say = (text: string): void => {
  byId('status').textContent = text;
};

/** Of everything random in a flight or a training; `?seed=1` in the address changes it. */
const seed = seedOf(new URLSearchParams(location.search).get('seed') ?? '0');

function seedOf(text: string): number {
  if (/^\d{1,10}$/.test(text) && Number(text) < 2 ** 32) return Number(text);
  say(
    `The seed in the address has to be a whole number from 0 to ${2 ** 32 - 1}, not "${text}"; it is 0 now.`,
  );
  return 0;
}

function startWorker(request: WorkerRequest, receive: (report: WorkerReport) => void): Worker {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  worker.onmessage = ({ data }: MessageEvent<WorkerReport>) => {
    if (data.type === 'failed') say(`It does not work in this browser: ${data.message}`);
    else receive(data);
  };
  worker.onerror = ({ message }) => say(`The worker does not load: ${message}`);
  worker.postMessage(request);
  return worker;
}

/** Puts the viewer's page over what `worker` does. */
function show(shown: Shown, worker: Worker): void {
  wanted = shown;
  takeDown();
  const { port1, port2 } = new MessageChannel();
  worker.postMessage({ type: 'watch' } satisfies WorkerRequest, [port2]);
  takeDown = startPage(byId('page'), connectPort(port1));
  for (const [name, button] of Object.entries(buttons)) button.ariaPressed = String(name === shown);
}

function fly(shown: Shown, options: Omit<FlightOptions, 'seed'>): void {
  flight?.terminate();
  flight = startWorker({ type: 'fly', ...options, seed }, () => {});
  show(shown, flight);
}

async function flyTrained(shown: keyof typeof trained): Promise<void> {
  wanted = shown;
  const { env, url, base: baseUrl } = trained[shown];
  const [model, base] = await Promise.all([bytesAt(url), baseUrl && bytesAt(baseUrl)]);
  if (wanted !== shown) return;
  if (!model || (baseUrl && !base)) say('The trained policy does not load. Load the page again.');
  else fly(shown, { env, model, base: base || undefined, policyName: 'policy.onnx, trained before' });
}

/** @returns undefined where there is nothing */
async function bytesAt(url: string): Promise<Uint8Array | undefined> {
  const response = await fetch(url).catch(() => undefined);
  return response?.ok ? new Uint8Array(await response.arrayBuffer()) : undefined;
}

const flyLearned = (): void =>
  fly('learned', { env: 'drone-hover', model: learned!, policyName: 'what was learnt in this tab' });

function train(): void {
  training ??= {
    worker: startWorker({ type: 'learn', seed }, learn),
    paused: false,
    finished: false,
    step: 0,
    evaluation: 'not evaluated yet',
  };
  flight?.terminate();
  flight = undefined;
  show('training', training.worker);
  describe();
}

function learn(report: WorkerReport): void {
  if (!training) return;
  switch (report.type) {
    case 'progress':
      training.step = report.step;
      progress.value = report.step / report.steps;
      break;
    case 'evaluated':
      training.evaluation = `success ${percent(report.successRate)} at step ${report.step.toLocaleString()}`;
      learned = report.model ?? learned;
      break;
    case 'finished':
      training.finished = true;
      if (wanted === 'training') flyLearned();
  }
  describe();
}

function describe(): void {
  byId('training').hidden = training === undefined && learned === undefined;
  buttons.learned.disabled = learned === undefined;
  pauseButton.disabled = training === undefined || training.finished;
  stopButton.disabled = training === undefined;
  if (!training) {
    say('');
    return;
  }
  const { paused, finished, step, evaluation } = training;
  pauseButton.textContent = paused ? 'Resume training' : 'Pause training';
  const doing = finished ? 'Has learnt' : paused ? 'Paused' : 'Learning';
  say(`${doing}: step ${step.toLocaleString()}, ${evaluation}`);
}

function togglePause(): void {
  training!.paused = !training!.paused;
  training!.worker.postMessage({ type: training!.paused ? 'pause' : 'resume' } satisfies WorkerRequest);
  describe();
}

function stopTraining(): void {
  training!.worker.terminate();
  training = undefined;
  describe();
  if (wanted !== 'training') return;
  if (learned) flyLearned();
  else void flyTrained('hover');
}

for (const shown of Object.keys(trained) as (keyof typeof trained)[])
  buttons[shown].addEventListener('click', () => void flyTrained(shown));
buttons.training.addEventListener('click', train);
buttons.learned.addEventListener('click', flyLearned);
pauseButton.addEventListener('click', togglePause);
stopButton.addEventListener('click', stopTraining);
void flyTrained('hover');
