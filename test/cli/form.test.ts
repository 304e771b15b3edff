import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { readConfig } from "../../src/cli/options/config.ts";
import { formOf } from "../../src/cli/up/output.ts";

function stream(isTTY: boolean): NodeJS.ReadStream & NodeJS.WriteStream {
  return Object.assign(new PassThrough(), { isTTY }) as unknown as NodeJS.ReadStream & NodeJS.WriteStream;
}

test.each([
  // terminal  environment                 -o         form
  [true, {}, undefined, "tui"],
  [true, { CI: "true" }, undefined, "text"],
  [true, { CI: "1" }, undefined, "text"],
  [true, { CI: "woodpecker" }, undefined, "text"],
  [true, { CI: "false" }, undefined, "tui"],
  [true, { CI: "0" }, undefined, "tui"],
  [true, { CI: "" }, undefined, "tui"],
  [true, { CI: "true" }, "tui", "tui"],
  [true, { CI: "true" }, "json", "json"],
  [true, { TERM: "dumb" }, undefined, "text"],
  [false, {}, undefined, "text"],
  [false, {}, "tui", "text"],
] as const)("terminal: %s, environment %j, -o %s: %s", async (isTTY, env, output, form) => {
  const { settings } = await readConfig({ output }, {}, "/nowhere");
  const [stdin, stdout, stderr] = [stream(isTTY), stream(isTTY), stream(false)];
  expect(formOf(settings, { version: "1.2.3", cwd: "/", env, stdin, stdout, stderr })).toBe(form);
});
