import { expect, test } from "vitest";
import { faultsOf } from "./commands.ts";
import { anyManifest } from "./manifests.ts";
import { randomOf } from "./random.ts";
import { openTarget } from "./up.ts";

// The short, fixed-seed form of `npm run fuzz`, so findings are repeatable.

test("no manifest, right or wrong, makes check, routes or explain fail or hang", async () => {
  const random = randomOf(1);
  // What the commands load does not count.
  await faultsOf("", "", randomOf(0));
  let before = "";
  for (let left = 150; left > 0; left--) {
    const text = anyManifest(random);
    expect(await faultsOf(text, before, random), text).toEqual([]);
    before = text;
  }
});

test("no saved file and no request ends up, holds it or keeps another file from being served", async () => {
  const random = randomOf(2);
  const target = await openTarget(random);
  for (let left = 25; left > 0; left--) {
    await target.save(anyManifest(random));
    await target.storm();
  }
  expect(await target.close()).toEqual([]);
  // The event-loop watch works.
  expect(target.longestTurn()).toBeGreaterThan(0);
});
