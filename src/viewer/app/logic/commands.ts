/**
 * Everything that a key does on the page, in one table: what binds the keys, labels the buttons and fills the list that `?`
 * shows. Letters that tasks are steered with by default (W A S D Q E R F) are left to them.
 */

export interface Command {
  /** Chords: `Ctrl+` and a letter or sign as typed, or the `code` of any other key. Any one of them does it. */
  readonly keys: readonly string[];
  readonly label: string;
  readonly group: CommandGroup;
  /** Works as long as the key is down, rather than once. */
  readonly held?: boolean;
  /** Is done again and again while the key is down. */
  readonly repeats?: boolean;
}

export const commandGroups = ['Time', 'Picture', 'Hands', 'Taking over', 'Page'] as const;
export type CommandGroup = (typeof commandGroups)[number];

export const commands = {
  pause: { keys: ['Space', 'p'], label: 'Pause or play', group: 'Time' },
  step: { keys: ['.'], label: 'One step on', group: 'Time', repeats: true },
  stepBack: { keys: [','], label: 'One step back', group: 'Time', repeats: true },
  secondBack: { keys: ['PageUp'], label: 'One second back', group: 'Time', repeats: true },
  secondOn: { keys: ['PageDown'], label: 'One second on', group: 'Time', repeats: true },
  live: { keys: ['End'], label: 'Live', group: 'Time' },
  slower: { keys: ['-'], label: 'Slower', group: 'Time', repeats: true },
  faster: { keys: ['+', '='], label: 'Faster', group: 'Time', repeats: true },
  restart: { keys: ['Backspace'], label: 'Start anew', group: 'Time' },
  seed: { keys: ['b'], label: 'Change the seed', group: 'Time' },
  saveRecording: { keys: ['m'], label: 'Save as MCAP', group: 'Time' },
  saveVideo: { keys: ['v'], label: 'Record video', group: 'Time' },

  turnLeft: { keys: ['ArrowLeft'], label: 'Turn left', group: 'Picture', repeats: true },
  turnRight: { keys: ['ArrowRight'], label: 'Turn right', group: 'Picture', repeats: true },
  turnUp: { keys: ['ArrowUp'], label: 'Turn up', group: 'Picture', repeats: true },
  turnDown: { keys: ['ArrowDown'], label: 'Turn down', group: 'Picture', repeats: true },
  closer: { keys: ['i'], label: 'Closer', group: 'Picture', repeats: true },
  farther: { keys: ['o'], label: 'Farther', group: 'Picture', repeats: true },
  camera1: { keys: ['Digit1'], label: 'First camera', group: 'Picture' },
  camera2: { keys: ['Digit2'], label: 'Second camera', group: 'Picture' },
  camera3: { keys: ['Digit3'], label: 'Third camera', group: 'Picture' },
  camera4: { keys: ['Digit4'], label: 'Fourth camera', group: 'Picture' },
  orthographic: { keys: ['Digit0'], label: 'Orthographic', group: 'Picture' },
  follow: { keys: ['z'], label: 'Follow', group: 'Picture' },
  frameAll: { keys: ['h'], label: 'Show everything', group: 'Picture' },
  colliders: { keys: ['c'], label: 'Colliders', group: 'Picture' },
  contacts: { keys: ['k'], label: 'Contacts', group: 'Picture' },
  joints: { keys: ['j'], label: 'Joint axes', group: 'Picture' },
  trails: { keys: ['t'], label: 'Trails', group: 'Picture' },
  arrows: { keys: ['y'], label: 'Arrows', group: 'Picture' },
  grid: { keys: ['g'], label: 'Grid', group: 'Picture' },

  nextBody: { keys: ['x'], label: 'Next body', group: 'Hands' },
  nextScene: { keys: ['n'], label: 'Next scene', group: 'Hands' },
  deselect: { keys: ['Escape'], label: 'Select nothing', group: 'Hands' },
  pushLeft: { keys: ['Ctrl+ArrowLeft'], label: 'Push left', group: 'Hands', held: true },
  pushRight: { keys: ['Ctrl+ArrowRight'], label: 'Push right', group: 'Hands', held: true },
  pushUp: { keys: ['Ctrl+ArrowUp'], label: 'Push up', group: 'Hands', held: true },
  pushDown: { keys: ['Ctrl+ArrowDown'], label: 'Push down', group: 'Hands', held: true },
  dragToPush: { keys: ['u'], label: 'Push by dragging', group: 'Hands' },

  takeOver: { keys: ['Shift'], label: 'Take over as long as it is held', group: 'Taking over', held: true },
  keepControl: { keys: ['l'], label: 'Take over and stay, or give back', group: 'Taking over' },
  nextAgent: { keys: ['Digit5'], label: 'Next agent', group: 'Taking over' },
  success: { keys: ['Digit6'], label: 'Success', group: 'Taking over' },
  failure: { keys: ['Digit7'], label: 'Failure', group: 'Taking over' },
  rerecord: { keys: ['Digit8'], label: 'Record again', group: 'Taking over' },
  terminate: { keys: ['Digit9'], label: 'End the episode', group: 'Taking over' },

  help: { keys: ['?', 'F1'], label: 'All keys', group: 'Page' },
} as const satisfies Record<string, Command>;

export type CommandId = keyof typeof commands;

/** What a command does. A held one is told when its key goes up again. */
export type Handlers<Id extends CommandId = CommandId> = Readonly<Record<Id, (down: boolean) => void>>;

export const commandIds = Object.keys(commands) as CommandId[];
export const commandOf = (id: CommandId): Command => commands[id];

const byChord = new Map<string, CommandId>(
  commandIds.flatMap((id) => commandOf(id).keys.map((key): [string, CommandId] => [key, id])),
);

export const commandFor = (chord: string): CommandId | undefined => byChord.get(chord);

/** The parts of a `KeyboardEvent` that a chord is made of. */
export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
}

/** Letters and signs go by what is typed, so that they are where the keyboard says; all other keys by their place. */
export function chordOf({ key, code, ctrlKey }: KeyPress): string {
  if (key === 'Shift') return 'Shift';
  const typed = key.length === 1 && key !== ' ' && !code.startsWith('Digit');
  return `${ctrlKey ? 'Ctrl+' : ''}${typed ? key.toLowerCase() : code}`;
}

const signs: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  PageUp: 'Page up',
  PageDown: 'Page down',
  '-': '−',
};

/** What is written on the key, for a chord or a `KeyboardEvent.code`. */
export function keyName(chord: string): string {
  const [, control = '', key = chord] = /^(Ctrl\+)?(.+)$/.exec(chord)!;
  const plain = /^(?:Key|Digit)(.)$/.exec(key)?.[1] ?? key;
  return control + (signs[plain] ?? (plain.length === 1 ? plain.toUpperCase() : plain));
}

const ariaChord = (chord: string): string =>
  chord === '+' ? 'Plus' : chord.replace('Ctrl+', 'Control+').replace('Digit', '');

/** In the form of `aria-keyshortcuts`. */
export const ariaShortcuts = (id: CommandId): string => commandOf(id).keys.map(ariaChord).join(' ');
