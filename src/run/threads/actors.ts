/** Actors in threads: started, listened to, and started again where one has died. */
import type { Episode } from '../../core/frame.ts';
import type { ReplayMemory, ReplayOptions } from '../../replay/replay-buffer.ts';
import { ReplayBuffer } from '../../replay/replay-buffer.ts';
import type { ActorMessage } from '../../rollout/asynchronous/actor.ts';
import { createGateMemory, type GateMemory, LearnerGate } from '../../rollout/asynchronous/gate.ts';
import { createMailboxMemory, Mailbox, type MailboxMemory } from '../../rollout/asynchronous/mailbox.ts';
import type { Crew } from '../../rollout/asynchronous/off-policy.ts';
import type { RunConfig } from '../config.ts';
import { Failures, Thread } from './thread.ts';

/** What an actor's thread is given. */
export interface ActorThreadData {
  readonly role: 'actor';
  readonly config: RunConfig;
  readonly actor: number;
  /** How often this actor has died before. */
  readonly attempt: number;
  readonly replay: { readonly options: ReplayOptions; readonly memory: ReplayMemory };
  readonly gate: GateMemory;
  readonly mailbox: MailboxMemory;
  readonly randomSteps: number;
  readonly lockstep: boolean;
  readonly snapshot: Uint8Array | undefined;
}

export interface ActorThreadsOptions {
  readonly config: RunConfig;
  /** Module that calls `serveThread`. */
  readonly entry: URL;
  /** Of each actor's part of the replay. */
  readonly replay: ReplayOptions;
  /** Parameters of the policy. */
  readonly policySize: number;
  /** Control steps of the whole run with random actions at its start. */
  readonly randomSteps: number;
  readonly lockstep: boolean;
}

export class ActorThreads implements Crew {
  readonly count: number;
  readonly numEnvs: number;
  readonly gate: LearnerGate;
  readonly mailbox: Mailbox;
  /** One for each actor, which writes it. */
  readonly replays: readonly ReplayBuffer[];
  readonly #options: ActorThreadsOptions;
  readonly #gateMemory: GateMemory;
  readonly #mailboxMemory: MailboxMemory;
  readonly #failures: readonly Failures[];
  readonly #snapshots: (Uint8Array | undefined)[];
  #threads: Thread[] = [];
  #fatal: unknown;

  constructor(options: ActorThreadsOptions) {
    const { actors: count = 1, numEnvs } = options.config;
    this.count = count;
    this.numEnvs = numEnvs;
    this.#options = options;
    this.#gateMemory = createGateMemory(count);
    this.gate = new LearnerGate(this.#gateMemory);
    this.#mailboxMemory = createMailboxMemory(options.policySize);
    this.mailbox = new Mailbox(this.#mailboxMemory);
    this.replays = Array.from({ length: count }, () => new ReplayBuffer(options.replay));
    this.#failures = Array.from({ length: count }, (_, actor) => new Failures(`Actor ${actor}`));
    this.#snapshots = new Array(count).fill(undefined);
  }

  get restarts(): number {
    return this.#failures.reduce((sum, { total }) => sum + total, 0);
  }

  start(snapshots: readonly (Uint8Array | undefined)[]): void {
    this.#threads = this.replays.map((_, actor) => this.#open(actor, snapshots[actor]));
  }

  collect(): { episodes: Episode[]; snapshots: readonly (Uint8Array | undefined)[] } {
    if (this.#fatal) throw this.#fatal;
    const episodes: Episode[] = [];
    this.#threads.forEach((thread, actor) => {
      for (const message of thread.collect<ActorMessage>()) {
        if (message.kind === 'snapshot') this.#snapshots[actor] = message.snapshot;
        else episodes.push({ ...message.episode, scene: actor * this.numEnvs + message.episode.scene });
      }
    });
    return { episodes, snapshots: this.#snapshots };
  }

  /** Ends every thread. */
  async end(): Promise<void> {
    this.gate.stop();
    await Promise.all(this.#threads.map((thread, actor) => thread.end(this.gate, actor)));
  }

  #open(actor: number, snapshot: Uint8Array | undefined): Thread {
    const { config, entry, replay, randomSteps, lockstep } = this.#options;
    // Without a snapshot its scenes begin anew, which is no continuation of what was stored last.
    if (!snapshot) this.replays[actor]!.cut(this.numEnvs);
    const data: ActorThreadData = {
      role: 'actor',
      config,
      actor,
      attempt: this.#failures[actor]!.total,
      replay: { options: replay, memory: this.replays[actor]!.memory },
      gate: this.#gateMemory,
      mailbox: this.#mailboxMemory,
      randomSteps: Math.ceil(randomSteps / this.count),
      lockstep,
      snapshot,
    };
    return new Thread(entry, data, (reason) => this.#mourn(actor, reason));
  }

  #mourn(actor: number, reason: string): void {
    if (this.gate.stopped) return;
    try {
      this.#failures[actor]!.add(reason, this.gate.made()[actor]!);
    } catch (error) {
      this.#fatal = error;
      return;
    }
    console.error(`Actor ${actor} has died and is started again: ${reason}`);
    this.#snapshots[actor] = undefined;
    this.gate.restart(actor);
    this.#threads[actor] = this.#open(actor, undefined);
  }
}
