import { afterEach, expect, test } from "vitest";
import type { Reading } from "../../src/source/files.ts";
import { createLoop, type Loop } from "../../src/source/loop.ts";

const reading = (description: string): Reading => ({
  snapshot: {
    ...{ ingresses: [], ingressClasses: [], services: [], endpointSlices: [] },
    ...{ secrets: [], configMaps: [], workloads: [], pods: [], namespaces: [], custom: [] },
  },
  problems: [],
  passedOver: new Map(),
  description,
  noticedAt: 0,
  files: [],
});

let loop: Loop | undefined;
afterEach(() => loop?.stop());

/** Readings of successive saves; each is read, or throws at reading or at taking. */
async function saves(...outcomes: readonly ("read" | "same" | "throws" | "throws where it is taken")[]) {
  const taken: Reading[] = [];
  let at = -1;
  let settled: () => void = () => undefined;
  const read = async () => {
    at++;
    if (outcomes[at] === "throws") throw new RangeError("Maximum call stack size exceeded");
    return { reading: reading(`reading ${at}`), changed: outcomes[at] !== "same", doubtful: false };
  };
  const take = (one: Reading) => {
    if (outcomes[at] === "throws where it is taken" && one.problems.length === 0) throw new Error("no");
    taken.push(one);
    settled();
  };
  loop = createLoop({ read }, reading("first"), take);
  for (const outcome of outcomes) {
    const next = new Promise<void>((resolve) => {
      settled = resolve;
    });
    loop.notice(undefined);
    if (outcome !== "same") await next;
  }
  return taken.map(({ description, problems }) =>
    [description, ...problems.map(({ code }) => code)].join(" "),
  );
}

test("where reading throws, the last good reading stays, with one problem", async () => {
  expect(await saves("read", "throws", "throws", "read")).toEqual([
    "reading 0",
    "reading 0 internal",
    "reading 0 internal",
    "reading 3",
  ]);
});

test("so it does at the first save", async () => {
  expect(await saves("throws")).toEqual(["first internal"]);
});

test("so it does where what was read cannot be taken", async () => {
  expect(await saves("read", "throws where it is taken", "read")).toEqual([
    "reading 0",
    "reading 0 internal",
    "reading 2",
  ]);
});
