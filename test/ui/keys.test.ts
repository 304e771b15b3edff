import { expect, test } from "vitest";
import { commandOf, type KeyPress, keysIn } from "../../ui/keys.ts";

const NONE: KeyPress = {
  ...{ upArrow: false, downArrow: false, pageUp: false, pageDown: false, home: false, end: false },
  ...{ return: false, escape: false, tab: false, shift: false, backspace: false, delete: false },
  ...{ ctrl: false, meta: false },
};

test.each([
  // input, keys, mode                          what it asks for
  ["q", {}, "list", { kind: "quit", key: "q" }],
  ["q", {}, "why", { kind: "quit", key: "q" }],
  ["q", {}, "filtering", { kind: "text", text: "q" }],
  ["c", { ctrl: true }, "list", { kind: "quit", key: "Ctrl-C" }],
  ["c", { ctrl: true }, "filtering", { kind: "quit", key: "Ctrl-C" }],
  ["l", { ctrl: true }, "help", { kind: "repaint" }],
  ["z", { ctrl: true }, "list", { kind: "suspend" }],
  ["?", {}, "list", { kind: "help" }],
  ["?", {}, "filtering", { kind: "text", text: "?" }],
  ["j", {}, "list", { kind: "move", lines: 1, screens: 0 }],
  ["k", {}, "why", { kind: "move", lines: -1, screens: 0 }],
  ["", { downArrow: true }, "filtering", { kind: "move", lines: 1, screens: 0 }],
  ["", { pageUp: true }, "list", { kind: "move", lines: 0, screens: -1 }],
  [" ", {}, "list", { kind: "move", lines: 0, screens: 1 }],
  ["d", { ctrl: true }, "list", { kind: "move", lines: 0, screens: 0.5 }],
  ["g", {}, "list", { kind: "move", lines: -Infinity, screens: 0 }],
  ["G", { shift: true }, "list", { kind: "move", lines: Infinity, screens: 0 }],
  ["", { home: true }, "list", { kind: "move", lines: -Infinity, screens: 0 }],
  ["", { tab: true }, "list", { kind: "next-view" }],
  ["", { tab: true, shift: true }, "list", { kind: "previous-view" }],
  ["", { tab: true }, "filtering", undefined],
  ["\r", { return: true }, "list", { kind: "open" }],
  ["\r", { return: true }, "why", { kind: "back" }],
  ["\r", { return: true }, "filtering", { kind: "filter", step: "keep" }],
  ["", { escape: true, meta: true }, "list", { kind: "back" }],
  ["", { escape: true, meta: true }, "filtering", { kind: "back" }],
  ["/", {}, "list", { kind: "filter", step: "start" }],
  ["", { backspace: true }, "filtering", { kind: "filter", step: "erase" }],
  ["", { delete: true }, "filtering", { kind: "filter", step: "erase" }],
  ["u", { ctrl: true }, "filtering", { kind: "filter", step: "clear" }],
  ["日", {}, "filtering", { kind: "text", text: "日" }],
  ["\u202e", {}, "filtering", undefined],
  ["\x07", {}, "filtering", undefined],
  ["q", { meta: true }, "list", undefined],
  ["x", {}, "list", undefined],
  ["constructor", {}, "list", undefined],
  ["quit", {}, "list", undefined],
] as const)("%j %j in mode %s asks for %j", (input, keys, mode, command) => {
  expect(commandOf(input, { ...NONE, ...keys }, mode)).toEqual(command);
});

test.each([
  // as it came          keys
  ["j", "j"],
  ["👍", "👍"],
  ["jjj", "j j j"],
  ["/post", "/ p o s t"],
  ["/日本\r", "/ 日 本 return"],
  ["ab\x7f", "a b backspace"],
  ["a\tb", "a tab b"],
  ["j\x03", "j ctrl-c"],
  ["first line\nq", "f i r s t   l i n e return"],
  ["", ""],
])("%j comes as the keys %s", (input, keys) => {
  const named = keysIn(input, NONE).map(([character, key]) => {
    const name = (["return", "backspace", "tab"] as const).find((one) => key[one]);
    return name ?? (key.ctrl ? `ctrl-${character}` : character);
  });
  expect(named.join(" ")).toBe(keys);
});

test("a pasted book is no typing", () => expect(keysIn("x".repeat(1e6), NONE)).toHaveLength(1000));
