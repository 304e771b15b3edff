import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { MAIN } from "../support/built.ts";
import type { Home } from "./up-process.ts";
import { createHome, ended, environmentOf, HOSTS_BEFORE } from "./up-process.ts";

/** script(1) of util-linux gives a program its own terminal and returns its exit status. */
const hasScript = spawnSync("script", ["-qec", "true", "/dev/null"]).status === 0;

/** Alternate screen on and off, cursor shown: the state in which a terminal is left. */
const [ENTERED, LEFT, CURSOR_SHOWN] = ["\u001b[?1049h", "\u001b[?1049l", "\u001b[?25h"];

let home: Home;
beforeEach(() => {
  home = createHome();
});
afterEach(() => home.remove());

function startOnTerminal(...args: readonly string[]) {
  const own = ["up", home.manifests, "--http-port", "0", "--https-port", "0", "--hosts-file", home.hostsFile];
  const words = [process.execPath, MAIN, ...own, ...args];
  const command = words.map((word) => `'${word}'`).join(" ");
  const env = { ...environmentOf(home.folder), TERM: "xterm-256color" };
  const child = spawn("script", ["-qec", command, "/dev/null"], { cwd: home.folder, env, stdio: "pipe" });
  let shown = "";
  child.stdout.on("data", (chunk) => {
    shown += String(chunk);
  });
  return { child, end: ended(child), shown: () => shown };
}

const DEADLINE = { timeout: 40_000, interval: 50 };

test.skipIf(!hasScript).each([
  ["q", "q", 0],
  ["Ctrl-C", "\u0003", 130],
] as const)(
  "%s ends the dashboard, and the terminal and the hosts file are as before",
  async (_, key, code) => {
    const { child, end, shown } = startOnTerminal();
    await expect.poll(shown, DEADLINE).toContain("quit");
    expect(shown()).toContain(ENTERED);
    expect(home.hosts()).toContain("127.0.0.1 www.basic1.com");
    child.stdin.write(key);
    expect((await end).code).toBe(code);
    expect(shown().lastIndexOf(LEFT)).toBeGreaterThan(shown().lastIndexOf(ENTERED));
    expect(shown()).toContain(CURSOR_SHOWN);
    expect(home.hosts()).toBe(HOSTS_BEFORE);
  },
);

test.skipIf(!hasScript)("a hosts file that cannot be written: asked once, and no is an answer", async () => {
  const missing = join(home.folder, "no", "folder", "hosts");
  const { child, end, shown } = startOnTerminal("--hosts-file", missing, "-o", "text");
  await expect.poll(shown, DEADLINE).toContain("with sudo, until ingress-dev stops? [y/N]");
  child.stdin.write("\r");
  await expect.poll(shown, DEADLINE).toContain("curl --resolve www.basic1.com:");
  child.stdin.write("\u0003");
  expect((await end).code).toBe(130);
  expect(shown().match(/\[y\/N\]/g)).toHaveLength(1);
});
