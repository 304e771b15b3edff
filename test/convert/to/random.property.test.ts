import { expect, test } from "vitest";
import { TARGET_NAMES } from "../../../src/convert/to/target-names.ts";
import { conversion } from "./conversion.ts";
import { randomManifest } from "./random-ingresses.ts";

/** More were tried by hand; these are enough to find what breaks. */
const COUNT = 25;
const FIRST = 20_261_129;

const SEEDS = Array.from({ length: COUNT }, (_, at) => FIRST + at);

/** What the API server says of new objects. Ingresses that stay, and Secrets, are the user's own. */
function refusals({ problems }: Awaited<ReturnType<typeof conversion>>): readonly string[] {
  return problems
    .filter(({ level, code, object }) => {
      const isMade = object?.kind !== "Ingress" && object?.kind !== "Secret";
      return level === "error" && code !== "not-converted" && isMade;
    })
    .map(({ message }) => message);
}

test.each(
  TARGET_NAMES.flatMap((target) => SEEDS.map((seed) => [target, seed] as const)),
)("to %s, manifest %i: what is written is taken, and each difference is said with its line", async (target, seed) => {
  const converted = await conversion(randomManifest(seed), target, "--controller", "ingress-nginx");
  expect(refusals(converted)).toEqual([]);
  const { compared } = converted;
  expect(compared.flatMap(({ unnamed }) => unnamed)).toEqual([]);
  const lines = compared.flatMap(({ known }) => known.map(({ line }) => line));
  expect(lines.filter((line) => !(line > 0))).toEqual([]);
});
