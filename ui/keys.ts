import type { Mode } from "./dashboard-state.ts";

export interface KeyPress {
  readonly upArrow: boolean;
  readonly downArrow: boolean;
  readonly pageUp: boolean;
  readonly pageDown: boolean;
  readonly home: boolean;
  readonly end: boolean;
  readonly return: boolean;
  readonly escape: boolean;
  readonly tab: boolean;
  readonly shift: boolean;
  readonly backspace: boolean;
  readonly delete: boolean;
  readonly ctrl: boolean;
  readonly meta: boolean;
}

/** The command of a key. `screens` in `move` count the lines on the screen. */
export type KeyCommand =
  | { readonly kind: "quit"; readonly key: "q" | "Ctrl-C" }
  | { readonly kind: "repaint" | "suspend" | "open" | "help" | "back" | "next-view" | "previous-view" }
  | { readonly kind: "move"; readonly lines: number; readonly screens: number }
  | { readonly kind: "filter"; readonly step: "start" | "keep" | "clear" | "erase" }
  | { readonly kind: "text"; readonly text: string };

const move = (lines: number, screens = 0): KeyCommand => ({ kind: "move", lines, screens });

/** Keys without a name of their own, where they are not text. */
const TYPED: Readonly<Record<string, KeyCommand>> = {
  q: { kind: "quit", key: "q" },
  "?": { kind: "help" },
  "/": { kind: "filter", step: "start" },
  j: move(1),
  k: move(-1),
  g: move(-Infinity),
  G: move(Infinity),
  " ": move(0, 1),
};

const WITH_CTRL: Readonly<Record<string, KeyCommand>> = {
  c: { kind: "quit", key: "Ctrl-C" },
  l: { kind: "repaint" },
  z: { kind: "suspend" },
  d: move(0, 0.5),
  u: move(0, -0.5),
};

function moving(key: KeyPress): KeyCommand | undefined {
  if (key.upArrow) return move(-1);
  if (key.downArrow) return move(1);
  if (key.pageUp) return move(0, -1);
  if (key.pageDown) return move(0, 1);
  if (key.home) return move(-Infinity);
  return key.end ? move(Infinity) : undefined;
}

function typing(input: string, key: KeyPress): KeyCommand | undefined {
  if (key.return) return { kind: "filter", step: "keep" };
  if (key.escape) return { kind: "back" };
  if (key.backspace || key.delete) return { kind: "filter", step: "erase" };
  if (key.ctrl) return input === "u" ? { kind: "filter", step: "clear" } : WITH_CTRL[input];
  if (key.meta || key.tab) return undefined;
  const text = input.replace(/\p{C}/gu, "");
  return text === "" ? undefined : { kind: "text", text };
}

/** A longer chunk is no typing. */
const LONGEST_CHUNK = 1000;

/** Keys with a name of their own, by the character that they send. */
const NAMED: Readonly<Record<string, Partial<KeyPress>>> = {
  "\r": { return: true },
  "\n": { return: true },
  "\t": { tab: true },
  "\b": { backspace: true },
  "\x7f": { backspace: true },
};

/**
 * The single keys in ink's input: keys that come faster than they are read (a held `j`, a slow line, a paste) come as
 * one text. The text after Enter is dropped: of a pasted text only the first line is meant.
 */
export function keysIn(input: string, key: KeyPress): readonly (readonly [string, KeyPress])[] {
  if ([...input].length <= 1) return [[input, key]];
  const keys: (readonly [string, KeyPress])[] = [];
  for (const character of input.slice(0, LONGEST_CHUNK)) {
    const named = NAMED[character];
    if (named !== undefined) keys.push(["", { ...key, ...named }]);
    else if (character < " ")
      keys.push([String.fromCharCode(character.charCodeAt(0) + 0x60), { ...key, ctrl: true }]);
    else keys.push([character, key]);
    if (named?.return) break;
  }
  return keys;
}

/** The command of a key press; `undefined`: it has no meaning here. */
export function commandOf(input: string, key: KeyPress, mode: Mode["kind"]): KeyCommand | undefined {
  const direction = moving(key);
  if (direction !== undefined) return direction;
  if (mode === "filtering") return typing(input, key);
  if (key.ctrl) return WITH_CTRL[input];
  if (key.escape) return { kind: "back" };
  if (key.return) return mode === "list" ? { kind: "open" } : { kind: "back" };
  if (key.tab) return { kind: key.shift ? "previous-view" : "next-view" };
  if (key.meta) return undefined;
  return Object.hasOwn(TYPED, input) ? TYPED[input] : undefined;
}
