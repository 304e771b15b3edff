import { expect, test } from "vitest";
import { requestFacts } from "../../../src/cli/predict/request-facts.ts";
import { match } from "../../../src/match/match.ts";
import { verdictsAt } from "../../support/verdicts-at.ts";
import { compiled, ingressOf } from "./support.ts";

test.each<[Readonly<Record<string, string>>, readonly number[], readonly string[]]>([
  [{ "limit-rps": "2" }, [0, 0, 200, 300, 900], ["passes", "passes", "1 300ms", "waits 200", "waits 100"]],
  [{ "limit-rpm": "1" }, [0, 59_000, 59_520], ["passes", "1 1s", "waits 480"]],
])("%j, asked at %j", (limit, times, expected) => {
  const annotations = { ...limit, "limit-burst-multiplier": "1" };
  const { table } = compiled([ingressOf({ annotations, paths: [{ host: "a.test" }] })]);
  const sample = { scheme: "http", method: "GET", target: "/", headers: [["Host", "a.test"]] } as const;
  const around = { ports: { http: 80, https: 443 }, exact: true, remoteAddress: "127.0.0.1", chance: 0.5 };
  const facts = requestFacts(sample, table.plane, { ...around, noEndpoints: () => undefined });
  const guard = match(table, facts).guards?.find(({ kind }) => kind === "limits");
  if (guard?.kind !== "limits") throw new Error("there is no limit");
  expect(verdictsAt(guard, times)).toEqual(expected);
});
