import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { built } from "../support/built.ts";
import { haveTmux, openTerminal, type Terminal } from "./tmux.ts";

/** CI must have tmux; elsewhere these tests are skipped without it. */
const skipped = !haveTmux() && process.env.CI !== "true";

const DRIVER = built(join(import.meta.dirname, "driver.ts"));
const COLOUR = /\x1b\[(?:\d+;)*3[1-7](?:;\d+)*m/;
const PAINTED = "filter";

let terminal: Terminal | undefined;

afterEach(() => {
  terminal?.close();
  terminal = undefined;
});

function driver(scenario: string, more = ""): string {
  return `'${process.execPath}' '${DRIVER}' ${scenario} ${more}`;
}

async function open(
  scenario = "hits",
  env: Readonly<Record<string, string>> = {},
  more = "",
): Promise<Terminal> {
  terminal = openTerminal(driver(scenario, more), env);
  await terminal.until(PAINTED);
  return terminal;
}

/** Alternate screen off, cursor on, wrapping lines, and keys go only to the shell. */
function restored(given: Terminal): readonly string[] {
  return [given.ask("alternate_on"), given.ask("cursor_flag"), given.ask("wrap_flag")];
}
const RESTORED = ["0", "1", "1"];

describe.skipIf(skipped)("in a terminal", () => {
  test("the keys, one after the other", async () => {
    const t = await open();
    expect(restored(t)).toEqual(["1", "0", "0"]);
    const first = await t.until("nobody.test/");
    expect(first).toMatch("12:00:01 200 3.2 ms GET     www.basic1.com/path1 → service1:80   /path1 Prefix");
    expect(first).toMatch("www.basic1.com/\\x1b");
    t.press("?");
    await t.until("Shift-Tab");
    t.press("Escape");
    await t.until("nobody.test/");
    t.press("k", "Up");
    await t.until("Hits 7, 2 newer below");
    t.press("Enter");
    await t.until("Passed over:");
    t.press("Escape");
    await t.until("Hits 7, 2 newer below");
    t.press("G");
    await t.until(/Hits 7 ━/);
    t.press("/", "p", "o", "s", "t");
    await t.until(/Hits 1 of 7[\s\S]*\/post/);
    t.press("Enter");
    await t.until(/ \/post +Esc clear/);
    t.press("Escape");
    await t.until(/Hits 7 ━/);
    t.press("Tab", "Tab");
    await t.until("━━ Problems");
    t.press("Enter");
    await t.until("→ Write pathType: Prefix below the path.");
    t.press("q");
    await t.until("ended by q");
    expect(restored(t)).toEqual(RESTORED);
    await t.until("status 0");
  });

  test("Ctrl-C is a key", async () => {
    const t = await open();
    t.press("C-c");
    await t.until("ended by Ctrl-C");
    expect(restored(t)).toEqual(RESTORED);
  });

  test("SIGTERM, where the program calls stop", async () => {
    const t = await open();
    process.kill(t.pid(), "SIGTERM");
    await t.until("ended by SIGTERM");
    expect(restored(t)).toEqual(RESTORED);
  });

  test("an uncaught exception: the terminal is restored, and the error is on it", async () => {
    const t = await open();
    process.kill(t.pid(), "SIGUSR2");
    await t.until("the proxy fell over");
    await t.until("Node.js v");
    expect(restored(t)).toEqual(RESTORED);
  });

  test("stopped and continued: painted anew, and the keys work", async () => {
    const t = await open();
    const before = t.screen();
    const pid = t.pid();
    process.kill(pid, "SIGSTOP");
    t.wipe();
    expect(t.screen().trim()).toBe("");
    process.kill(pid, "SIGCONT");
    await t.until(PAINTED);
    await vi.waitFor(() => expect(t.screen()).toBe(before));
    t.press("?");
    await t.until("Shift-Tab");
  });

  test("Ctrl-L paints anew", async () => {
    const t = await open();
    const before = t.screen();
    t.wipe();
    t.press("C-l");
    await vi.waitFor(() => expect(t.screen()).toBe(before));
  });

  test("Ctrl-Z: the shell, and back by fg", async () => {
    terminal = openTerminal(`env PS1='shell> ' bash --norc --noprofile -i`);
    await terminal.until("shell>");
    terminal.press("-l", driver("hits"));
    terminal.press("Enter");
    await terminal.until(PAINTED);
    terminal.press("C-z");
    await terminal.until("Stopped");
    expect(restored(terminal)).toEqual(RESTORED);
    terminal.press("-l", "fg");
    terminal.press("Enter");
    await terminal.until("nobody.test/");
    expect(restored(terminal)).toEqual(["1", "0", "0"]);
    terminal.press("q");
    await terminal.until("ended by q");
  });

  test("Ctrl-Z where no shell could bring it back: it stays", async () => {
    const t = await open();
    const before = t.screen();
    t.press("C-z");
    await vi.waitFor(() => expect([t.ask("alternate_on"), t.screen()]).toEqual(["1", before]));
    t.press("q");
    await t.until("ended by q");
  });

  test("thousands of hits a second and a resize with each: it keeps up, and the end fits the size", async () => {
    const t = await open("flood");
    for (let round = 0; round < 60; round++) t.resize(1 + ((round * 61) % 300), 1 + ((round * 37) % 100));
    t.resize(1, 1);
    t.resize(100, 30);
    await t.until(/^ ingress-dev .{60,} ingress-nginx\n[\s\S]*\n q quit {2}\?.*\n$/);
    const count = () => Number(t.screen().match(/Hits (\d+)/)?.[1]);
    const before = count();
    await vi.waitFor(() => expect(count()).toBeGreaterThan(before + 1000), { timeout: 20_000 });
    t.press("q");
    await t.until(/ended by q after \d{4,} hits/);
  });

  test.each([
    ["with colours", {}, true],
    ["NO_COLOR", { NO_COLOR: "1" }, false],
    ["CI", { CI: "true" }, true],
    ["DEV", { DEV: "true" }, true],
    ["INK_SCREEN_READER", { INK_SCREEN_READER: "true" }, true],
  ] as const)("the environment: %s", async (_, env, coloured) => {
    const t = await open("hits", env);
    await t.until("nobody.test/");
    expect(COLOUR.test(t.screen("-e"))).toBe(coloured);
    t.press("q");
    await t.until("ended by q");
  });

  test("without an input: it shows, and says nothing of raw mode", async () => {
    const t = await open("hits", {}, "< /dev/null");
    expect(await t.until("nobody.test/")).not.toMatch(/raw mode/i);
    process.kill(t.pid(), "SIGTERM");
    await t.until("ended by SIGTERM");
  });

  test("the terminal is closed: it says so, and does not spin", async () => {
    const folder = mkdtempSync(join(tmpdir(), "ingress-dev-ui-"));
    const file = join(folder, "reason");
    const t = await open("deaf", {}, `'${file}'`);
    terminal = undefined;
    t.close();
    await vi.waitFor(
      () => expect(existsSync(file) && readFileSync(file, "utf8")).toBe("terminal-closed"),
      20_000,
    );
    rmSync(folder, { recursive: true, force: true });
  });
});
