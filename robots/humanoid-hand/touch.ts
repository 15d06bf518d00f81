/**
 * Who presses on whom in a scene: what the places of hands feel, how hard each hand holds each thing, and the force of the
 * surroundings on wrists. Shapes: N scenes, H hands, B loose bodies of a scene.
 */
import type { BinaryArray } from '../../src/core/bytes.ts';
import type { SceneBodies } from '../../src/physics/scene-bodies.ts';
import type { SolidRange } from '../../src/physics/scene-part.ts';
import type { ContactList } from '../../src/physics/scene-worlds.ts';
import type { HandFleet } from './fleet.ts';

/** What a solid of a scene belongs to. */
type Owner =
  | { readonly kind: 'hand'; readonly hand: number; readonly place: number }
  | { readonly kind: 'loose'; readonly body: number }
  | { readonly kind: 'still' };

export class Touch {
  readonly #hands: readonly HandFleet[];
  readonly #scenes: number;
  /** By solid. */
  readonly #owners: Owner[] = [];
  #loose = 0;
  /** Force of what stands still, on hands and on loose bodies, `[3]` N each. */
  readonly #onHand: Float64Array;
  #onLoose = new Float64Array(0);
  /** Whether a hand touches a loose body. */
  #holds = new Uint8Array(0);
  /** Mean force along the normal over the control step, `[N, H, B]` N. */
  #grip = new Float32Array(0);

  constructor(hands: readonly HandFleet[], scenes: number) {
    this.#hands = hands;
    this.#scenes = scenes;
    this.#onHand = new Float64Array(3 * hands.length);
    hands.forEach(({ articulation: { solids } }, hand) => {
      for (let place = 0; place < solids.count; place++)
        this.#owners[solids.first + place] = { kind: 'hand', hand, place };
    });
  }

  /** Solids that stay where they are, though they may turn there. */
  addStill({ first, count }: SolidRange): void {
    for (let i = 0; i < count; i++) this.#owners[first + i] = { kind: 'still' };
  }

  add({ still, solids, fleet }: SceneBodies): void {
    if (still) {
      this.addStill(solids);
      return;
    }
    const perBody = solids.count / fleet.perScene;
    for (let i = 0; i < solids.count; i++)
      this.#owners[solids.first + i] = { kind: 'loose', body: this.#loose + Math.floor(i / perBody) };
    this.#loose += fleet.perScene;
    this.#onLoose = new Float64Array(3 * this.#loose);
    this.#holds = new Uint8Array(this.#hands.length * this.#loose);
    this.#grip = new Float32Array(this.#scenes * this.#holds.length);
  }

  get state(): BinaryArray[] {
    return [this.#grip];
  }

  /** Of a hand on a loose body, counted in the order in which they were added, N. */
  grip(scene: number, hand: number, body: number): number {
    return this.#grip[this.#holds.length * scene + this.#loose * hand + body]!;
  }

  /** A control step begins, or an episode. */
  begin(scene: number): void {
    this.#grip.fill(0, this.#holds.length * scene, this.#holds.length * (scene + 1));
  }

  /** Tells the hands of `scene` of the contacts of a physics step. @param share of it in the control step, 0 to 1 */
  read(contacts: ContactList, scene: number, share: number): void {
    for (const values of [this.#onHand, this.#onLoose, this.#holds]) values.fill(0);
    for (let i = 0; i < contacts.first.length; i++) {
      const first = this.#owners[contacts.first[i]!]!;
      const second = this.#owners[contacts.second[i]!]!;
      const force = share * contacts.force[i]!;
      this.#feel(first, scene, force);
      this.#feel(second, scene, force);
      if (first.kind === 'still') this.#press(second, contacts.vector, 3 * i, 1);
      else if (second.kind === 'still') this.#press(first, contacts.vector, 3 * i, -1);
      else if (first.kind === 'loose' && second.kind === 'hand')
        this.#hold(scene, second.hand, first.body, force);
      else if (first.kind === 'hand' && second.kind === 'loose')
        this.#hold(scene, first.hand, second.body, force);
    }
    for (let hand = 0; hand < this.#hands.length; hand++) this.#load(hand, scene);
  }

  #feel(owner: Owner, scene: number, force: number): void {
    if (owner.kind !== 'hand') return;
    const { touch, places } = this.#hands[owner.hand]!;
    touch[places * scene + owner.place]! += force;
  }

  #press(owner: Owner, force: readonly number[], offset: number, sign: 1 | -1): void {
    if (owner.kind === 'still') return;
    const [on, at] = owner.kind === 'hand' ? [this.#onHand, owner.hand] : [this.#onLoose, owner.body];
    for (let axis = 0; axis < 3; axis++) on[3 * at + axis]! += sign * force[offset + axis]!;
  }

  #hold(scene: number, hand: number, body: number, force: number): void {
    const pair = this.#loose * hand + body;
    this.#holds[pair] = 1;
    this.#grip[this.#holds.length * scene + pair]! += force;
  }

  /** What presses on a body that a hand holds presses on the hand. */
  #load(hand: number, scene: number): void {
    const { wrist, movingWrist } = this.#hands[hand]!;
    if (!movingWrist) return;
    for (let body = 0; body < this.#loose; body++) {
      if (!this.#holds[this.#loose * hand + body]) continue;
      for (let axis = 0; axis < 3; axis++) this.#onHand[3 * hand + axis]! += this.#onLoose[3 * body + axis]!;
    }
    wrist.feel(scene, this.#onHand, 3 * hand);
  }
}
