/** One client of the telemetry server: what it has subscribed to, and what it is told. */
import type { Subscription } from 'rxjs';
import type { Channel, Message } from './channel.ts';
import { errorStatus, messageData, parseRequest, timeMessage } from './foxglove-protocol.ts';
import type { Outbox } from './outbox.ts';

interface ChannelSubscription {
  readonly channelId: number;
  readonly messages: Subscription;
}

export class ClientSession {
  readonly #channels: ReadonlyMap<number, Channel>;
  readonly #outbox: Outbox;
  /** By the client's own ids. */
  readonly #subscriptions = new Map<number, ChannelSubscription>();
  readonly #encoder = new TextEncoder();
  /** That the client was told last, ns. */
  #time: bigint | undefined;
  #closed = false;

  constructor(channels: ReadonlyMap<number, Channel>, outbox: Outbox) {
    this.#channels = channels;
    this.#outbox = outbox;
  }

  /** Queues a control message. */
  tell(message: object): void {
    this.#outbox.push({ data: this.#encoder.encode(JSON.stringify(message)), binary: false });
  }

  /** Does what a message asks for; where it cannot, it says why and goes on. */
  receive(data: Uint8Array, binary: boolean): void {
    // A socket that is being closed may still deliver what was under way.
    if (this.#closed) return;
    try {
      if (binary) {
        throw new RangeError(
          `Binary message with opcode ${data[0] ?? '(none)'} refused: this server is read-only.`,
        );
      }
      const request = parseRequest(new TextDecoder().decode(data));
      if (request.op === 'subscribe') {
        for (const { id, channelId } of request.subscriptions) this.#subscribe(id, channelId);
      } else {
        for (const id of request.subscriptionIds) this.#unsubscribe(id);
      }
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.tell(errorStatus(error.message));
    }
  }

  /** Ends all subscriptions. */
  close(): void {
    this.#closed = true;
    for (const { messages } of this.#subscriptions.values()) messages.unsubscribe();
    this.#subscriptions.clear();
    this.#outbox.close();
  }

  #subscribe(id: number, channelId: number): void {
    const channel = this.#channels.get(channelId);
    const others = [...this.#subscriptions.values()];
    if (!channel) {
      this.tell(errorStatus(`There is no channel ${channelId}; subscription ${id} is ignored.`));
    } else if (this.#subscriptions.has(id)) {
      this.tell(errorStatus(`Subscription id ${id} is in use; unsubscribe it first, or take another.`));
    } else if (others.some((other) => other.channelId === channelId)) {
      this.tell(errorStatus(`Channel ${channelId} is subscribed to already; subscription ${id} is ignored.`));
    } else {
      const messages = channel.messages$.subscribe({
        next: (message) => this.#send(id, message),
        error: (error: Error) => this.tell(errorStatus(`${channel.topic} has ended: ${error.message}`)),
      });
      this.#subscriptions.set(id, { channelId, messages });
    }
  }

  #unsubscribe(id: number): void {
    const subscription = this.#subscriptions.get(id);
    if (!subscription) {
      this.tell(errorStatus(`There is no subscription ${id} to end.`));
      return;
    }
    subscription.messages.unsubscribe();
    this.#subscriptions.delete(id);
  }

  #send(id: number, { time, data }: Message): void {
    if (time !== this.#time) this.#outbox.push({ data: timeMessage(time), binary: true });
    this.#time = time;
    this.#outbox.push({ data: messageData(id, time, data), binary: true });
  }
}
