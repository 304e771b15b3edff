import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runHere } from "../cli/in-process.ts";
import { numberOf, ROWS, readRows } from "./row.ts";

interface SaidConversion {
  readonly converted: readonly unknown[];
  readonly problems: readonly { readonly code: string; readonly file?: string; readonly line?: number }[];
  readonly compared: readonly { readonly requests: number; readonly unnamed: readonly unknown[] }[];
}

const LEFT_OUT = "nginx leaves the Ingress out, so there is nothing to convert";
const DENIED = "nginx answers 503, and the conversion does not open what is closed";

/** Rows with something that the conversion cannot say, or does not convert, with the reason. */
const EXCEPTIONS: Readonly<Record<string, ReadonlyMap<number, string>>> = {
  traefik: new Map([
    [32, LEFT_OUT],
    [43, DENIED],
    [44, DENIED],
    [49, "an expression that RE2 does not know is left"],
    [50, "an expression that RE2 does not know is left"],
    [70, DENIED],
    [71, DENIED],
    [76, LEFT_OUT],
    [79, "nginx cannot load the Ingress, so there is nothing to convert"],
  ]),
  "traefik-nginx": new Map([
    [32, LEFT_OUT],
    [43, DENIED],
    [44, DENIED],
    [70, DENIED],
    [71, DENIED],
    [76, LEFT_OUT],
    [79, "nginx cannot load the Ingress, so there is nothing to convert"],
    [80, "names that are joined to the same are a matter of both Ingresses"],
  ]),
};

describe.each(Object.keys(EXCEPTIONS))("each row, converted to %s", (target) => {
  it.each(readRows().map(({ file }) => [file]))("%s: what differs is named, with its line", async (file) => {
    const path = join(ROWS, file).replace(/new\.yaml$/, "old.yaml");
    const { stdout, stderr, code } = await runHere([
      "convert",
      "--to",
      target,
      "--exact",
      path,
      "-o",
      "json",
    ]);
    const { converted, problems, compared }: SaidConversion = JSON.parse(stdout || stderr);
    if (EXCEPTIONS[target]?.has(numberOf(file))) {
      expect(code, "all of it is named: take it off the list").toBe(1);
      return;
    }
    expect(compared.flatMap(({ unnamed }) => unnamed)).toEqual([]);
    expect(code).toBe(0);
    expect(converted.length).toBeGreaterThan(0);
    expect(compared.every(({ requests }) => requests > 20)).toBe(true);
    for (const { code: said, file: at, line } of problems)
      if (said === "differs-after-conversion") expect([at, line]).toEqual([path, expect.any(Number)]);
  });
});
