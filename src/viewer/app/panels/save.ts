/** Saves what was recorded as an MCAP file, and the picture as video. */
import type { Hello } from '../../protocol.ts';
import type { Handlers } from '../logic/commands.ts';
import type { EventLog } from '../logic/event-log.ts';
import type { Recording } from '../logic/recording.ts';
import { commandButton, setPressed, setText, toggleButton } from './element.ts';

const VIDEO_RATE = 30;
const VIDEO_TYPE = 'video/webm';

export interface SaveHost {
  readonly hello: Hello;
  readonly recording: Recording;
  readonly events: EventLog;
  readonly canvas: HTMLCanvasElement;
  say(message: string, level?: 'info' | 'error'): void;
}

export class Save {
  readonly handlers: Handlers<'saveRecording' | 'saveVideo'>;
  readonly buttons: readonly HTMLButtonElement[];
  readonly #host: SaveHost;
  readonly #video: HTMLButtonElement;
  #recorder: MediaRecorder | null = null;

  constructor(host: SaveHost) {
    this.#host = host;
    this.handlers = {
      saveRecording: () => void this.#saveRecording(),
      saveVideo: () => this.#toggleVideo(),
    };
    this.#video = toggleButton('saveVideo', () => this.#toggleVideo());
    this.buttons = [commandButton('saveRecording', () => void this.#saveRecording()), this.#video];
  }

  /** Whether every drawing is wanted, because a video is recorded. */
  get filming(): boolean {
    return this.#recorder !== null;
  }

  /** Ends a video that is being recorded, and saves it. */
  stop(): void {
    this.#recorder?.stop();
  }

  async #saveRecording(): Promise<void> {
    const { hello, recording, events, say } = this.#host;
    const frames = recording.frames();
    if (frames.length === 0) return say('Nothing has been recorded yet.');
    try {
      // Loaded when it is needed: most visits do without.
      const { recordingToMcap } = await import('../../mcap.ts');
      const bytes = await recordingToMcap(hello, frames, events.since(recording.oldest), recording.oldest);
      download(new Blob([bytes as Uint8Array<ArrayBuffer>]), `${hello.env.id}.mcap`);
      say(`Saved ${frames.length} frames as ${hello.env.id}.mcap.`);
    } catch (error) {
      say(`The recording could not be saved: ${(error as Error).message}`, 'error');
    }
  }

  #toggleVideo(): void {
    if (this.#recorder) this.stop();
    else if (typeof MediaRecorder === 'undefined' || !MediaRecorder.isTypeSupported(VIDEO_TYPE))
      this.#host.say('This browser cannot record video.', 'error');
    else this.#film();
  }

  #film(): void {
    const { canvas, hello, say } = this.#host;
    const recorder = new MediaRecorder(canvas.captureStream(VIDEO_RATE), { mimeType: VIDEO_TYPE });
    const parts: Blob[] = [];
    recorder.addEventListener('dataavailable', ({ data }) => parts.push(data));
    recorder.addEventListener('stop', () => {
      this.#recorder = null;
      this.#show();
      download(new Blob(parts, { type: VIDEO_TYPE }), `${hello.env.id}.webm`);
      say(`Saved the video as ${hello.env.id}.webm.`);
    });
    recorder.start();
    this.#recorder = recorder;
    this.#show();
  }

  #show(): void {
    setPressed(this.#video, this.filming);
    setText(this.#video, this.filming ? 'Stop and save' : 'Record video');
  }
}

function download(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The download has its own hold on the data once it has begun.
  setTimeout(() => URL.revokeObjectURL(link.href), 1e4);
}
