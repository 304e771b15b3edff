import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../src/model/json.ts";
import { conformanceSuite, type SuiteStatus } from "./cases.ts";
import { generationOf, manifestsAfter, statusesIn } from "./cluster.ts";
import { STATUS_DIFFERENCES } from "./differences.ts";
import { generatedObjects } from "./generated.ts";
import { isCurrent, lacking } from "./judge-status.ts";

const SUITE = conformanceSuite();
const MADE = generatedObjects(SUITE);
const TESTS = SUITE.tests.filter(({ status }) => status.length > 0);

describe("statuses in Gateway API's conformance suite", () => {
  it.each(TESTS.map((test) => [test.name, test] as const))("%s", (testName, test) => {
    const after = new Map<number, ReadonlyMap<string, JsonObject>>();
    const statuses = (changes: number) => {
      const known = after.get(changes) ?? statusesIn(manifestsAfter(SUITE, test, MADE, changes));
      after.set(changes, known);
      return known;
    };
    const found = test.status.map((wanted) => {
      const { kind, name, afterChange = 0, observedGenerationCurrent } = wanted;
      const status = statuses(afterChange).get(`${kind} ${placeOf(wanted)}`) ?? {};
      const lines = [...lacking(wanted, status)];
      if (observedGenerationCurrent === true && !isCurrent(status, generationOf(SUITE, test, wanted)))
        lines.push("it was not written for this generation");
      return { object: `${testName} ${kind} ${name}`, lines };
    });
    const wrong = found.filter(({ lines }) => lines.length > 0);
    const unknown = wrong.filter(({ object }) => !STATUS_DIFFERENCES.has(object));
    expect(unknown.flatMap(({ object, lines }) => lines.map((line) => `${object}: ${line}`))).toEqual([]);
    const listed = found.filter(({ object }) => STATUS_DIFFERENCES.has(object)).map(({ object }) => object);
    for (const object of new Set(listed))
      expect(
        wrong.map((each) => each.object),
        `${object} differs no more: take it off the list`,
      ).toContain(object);
  });

  it("lists only what the suite has", () => {
    const there = new Set(
      TESTS.flatMap(({ name, status }) => status.map((each) => `${name} ${each.kind} ${each.name}`)),
    );
    expect([...STATUS_DIFFERENCES.keys()].filter((each) => !there.has(each))).toEqual([]);
  });
});

function placeOf({ kind, namespace, name }: SuiteStatus): string {
  return kind === "GatewayClass" ? `/${name}` : `${namespace ?? "gateway-conformance-infra"}/${name}`;
}
