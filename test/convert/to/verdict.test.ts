import { expect, test } from "vitest";
import type { ExplainedParts, KnownChange } from "../../../src/convert/to/target.ts";
import { verdictOf } from "../../../src/convert/to/verdict.ts";
import type { Aspect } from "../../../src/diff/aspects.ts";
import { type Behaviour, RESET_TLS } from "../../../src/diff/behaviour.ts";
import type { CauseCode, Difference } from "../../../src/diff/difference.ts";

const REQUEST = { scheme: "http", method: "GET", target: "/", headers: [["Host", "a.test"]] } as const;

function difference(aspects: readonly Aspect[], after: Partial<Behaviour>, code: CauseCode): Difference {
  const kind = "forward";
  return {
    request: REQUEST as unknown as Difference["request"],
    cause: { code, text: code, key: code },
    first: {
      behaviour: { kind, service: "default/a:80", guards: [], responseHeaders: [["X-A", "1"]] },
      why: [],
    },
    second: {
      behaviour: { kind, service: "default/a:80", guards: [], responseHeaders: [], ...after },
      why: [],
    },
    aspects,
    rank: 0,
  };
}

type Row = readonly [
  what: string,
  aspects: readonly Aspect[],
  after: Partial<Behaviour>,
  parts: ExplainedParts,
  unnamed: number,
  code?: CauseCode,
];

const ANSWER: ExplainedParts = { aspects: "answer" };

/** What was said of another answer is no excuse where the answer is the same. */
const ROWS: readonly Row[] = [
  ["another Service", ["service", "response headers"], { service: "default/b:80" }, ANSWER, 0],
  ["headers of the same answer", ["response headers"], {}, ANSWER, 1],
  ["a guard less", ["guards"], {}, ANSWER, 1],
  ["a setting", ["settings"], {}, ANSWER, 1],
  ["no connection", ["certificate"], { certificate: RESET_TLS }, ANSWER, 0],
  ["another rule", ["guards"], {}, ANSWER, 0, "another-rule"],
  ["a header that was said", ["response headers"], {}, { responseHeaders: ["x-a"] }, 0],
  ["a header beside a guard that was said", ["guards", "response headers"], {}, { aspects: ["guards"] }, 1],
];

test.each(ROWS.map((row) => [row[0], row] as const))("%s", (_, row) => {
  const [, aspects, after, parts, unnamed, code = "settings"] = row;
  const found = difference(aspects, after, code);
  const change = { field: "", message: "", fix: "", explains: () => parts } as unknown as KnownChange;
  const groups = [{ cause: found.cause, all: [found] as const }];
  const { unnamed: left } = verdictOf(
    { compared: 1, complete: true, incomplete: [], groups },
    { changes: [change], generals: [], aliasOf: () => undefined },
  );
  expect(left).toHaveLength(unnamed);
});
