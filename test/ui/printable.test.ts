import { describe, expect, test } from "vitest";
import { reason } from "../../src/model/reason.ts";
import { createJsonLines } from "../../ui/json.ts";
import { printable } from "../../ui/printable.ts";
import { textLines } from "../../ui/text.ts";
import { hit, notice } from "./events.ts";

const jsonLine = createJsonLines();

/** faults.md P4: what a request or manifest may try to send to a terminal. */
const PROBES = [
  // what                        text                              shown
  ["SGR colour", "\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"],
  ["OSC 8 link", "\x1b]8;;http://evil\x07x\x1b]8;;\x07", "\\x1b]8;;http://evil\\x07x\\x1b]8;;\\x07"],
  ["OSC 52 clipboard", "\x1b]52;c;cm0=\x07", "\\x1b]52;c;cm0=\\x07"],
  ["OSC 0 title", "\x1b]0;t\x1b\\", "\\x1b]0;t\\x1b\\"],
  ["DCS", "\x1bPq\x1b\\", "\\x1bPq\\x1b\\"],
  ["APC", "\x1b_G\x1b\\", "\\x1b_G\\x1b\\"],
  ["CSI 2J, clear", "\x1b[2J", "\\x1b[2J"],
  ["full reset", "\x1bc", "\\x1bc"],
  ["8-bit CSI", "\x9b31m", "\\x9b31m"],
  ["8-bit OSC", "\x9d52;c;cm0=\x9c", "\\x9d52;c;cm0=\\x9c"],
  ["CR", "good\rbad", "good\\x0dbad"],
  ["LF", "good\n12:00:01 200", "good\\x0a12:00:01 200"],
  ["NEL", "a\x85b", "a\\x85b"],
  ["BS", "a\bb", "a\\x08b"],
  ["TAB", "a\tb", "a\\x09b"],
  ["BEL", "a\x07", "a\\x07"],
  ["NUL", "a\0b", "a\\x00b"],
  ["DEL", "a\x7fb", "a\\x7fb"],
  ["U+202E, right to left", "a\u202egnp.exe", "a\\u202egnp.exe"],
  ["U+2066, isolate", "a\u2066b", "a\\u2066b"],
  ["U+061C, Arabic letter mark", "a\u061cb", "a\\u061cb"],
  ["U+200B, zero width", "a\u200bb", "a\\u200bb"],
  ["U+200D, joiner", "a\u200db", "a\\u200db"],
  ["U+FEFF, byte order mark", "\ufeffa", "\\ufeffa"],
  ["U+00AD, soft hyphen", "a\u00adb", "a\\xadb"],
  ["U+2028, line separator", "a\u2028b", "a\\u2028b"],
  ["U+2029, paragraph separator", "a\u2029b", "a\\u2029b"],
  ["U+FE0F, variation selector", "a\ufe0fb", "a\\ufe0fb"],
  ["U+3164, a letter that is not seen", "a\u3164b", "a\\u3164b"],
  ["U+E0041, tag", "a\u{e0041}b", "a\\u{e0041}b"],
  ["lone high surrogate", "a\ud800b", "a\\ud800b"],
  ["lone low surrogate", "a\udc00", "a\\udc00"],
] as const;

/** Characters that no terminal output may contain. */
const OBEYED = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

describe("what a terminal would obey", () => {
  test.each(PROBES)("%s is shown", (_, text, visible) => {
    expect(printable(text)).toBe(visible);
  });

  test.each(PROBES)("%s in a request reaches neither the text nor the JSON output", (_, text) => {
    const event = hit({
      ...{
        method: `GET${text}`,
        host: `host${text}`,
        path: `/${text}`,
        id: text,
        ingress: `default/${text}`,
      },
      ...{
        rule: { host: text, path: text, pathType: text },
        upstream: text,
        error: text,
        why: [reason("rule", text)],
        route: text,
      },
      backend: { namespace: text, service: text, port: text },
    });
    const lines = textLines(event, { colour: "never" });
    expect(lines).toHaveLength(1);
    expect(lines.join("")).not.toMatch(OBEYED);
    const json = jsonLine(event);
    expect(json).not.toMatch(OBEYED);
    expect(JSON.parse(json)).toMatchObject({ host: `host${text}`, why: [text] });
  });

  test.each(PROBES)("%s in a manifest cannot make a line that looks like another", (_, text) => {
    const event = { ...notice, code: text, message: `a${text}b`, fix: `c${text}d`, file: text, field: text };
    const [first = "", ...more] = textLines(event, { colour: "never" });
    for (const line of [first, ...more]) expect(line).not.toMatch(OBEYED);
    for (const line of more) expect(line).toMatch(/^ {2}/);
  });
});

test.each([
  ["www.basic1.com/path1?a=b&c=%20"],
  ["C:\\manifests\\basic.yaml"],
  ["^/foo\\x1b"],
  ["日本語"],
  ["e\u0301té"],
  ["👍🏽"],
  [""],
])("%j is shown as it is", (text) => expect(printable(text)).toBe(text));
