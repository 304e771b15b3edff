import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Answer, Arrival } from "./answers/answer.ts";
import { type Arena, isSame, openArena, type Pair } from "./answers/compare.ts";
import { ANSWER_DIFFERENCES } from "./answers/differences.ts";
import { generated } from "./answers/generate.ts";
import { type Trial, trial } from "./answers/observe.ts";
import { disagreement, OPINION_KINDS } from "./answers/opinions.ts";
import { opinionOf } from "./answers/second-opinion.ts";
import { TABLE } from "./answers/table.ts";
import { FAULT_DIFFERENCES } from "./faults/differences.ts";
import { nginxVersion } from "./nginx.ts";
import { random } from "./raw/mutate.ts";

/** CI must have nginx; elsewhere these tests are skipped without it. */
const skipped = nginxVersion() === undefined && process.env.CI !== "true";
/** A fixed seed repeats the same answers. */
const SEED = Number(process.env.ANSWERS_SEED ?? 1);
const RUNS = Number(process.env.ANSWERS_RUNS ?? 5_000);
/** Longer answers are split instead. unit: bytes */
const MOST_BYTE_BY_BYTE = 160;

/** Before an answer. */
const INTERIM = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n";

describe.skipIf(skipped)("answers of hostile upstreams, beside nginx", () => {
  const draw = random(SEED);
  const drawn = Array.from({ length: RUNS }, (_, run) =>
    generated(`ANSWERS_SEED=${SEED}, ${run}`, draw, TABLE),
  );
  let arena: Arena;
  const found: Pair[] = [];
  beforeAll(async () => {
    arena = await openArena();
  });
  afterAll(() => arena?.close());

  /** Gives each to both, and returns unintended differences. */
  async function differences(trials: readonly Trial[]): Promise<readonly string[]> {
    const pairs = await arena.compare(trials);
    found.push(...pairs);
    expect(pairs.length).toBe(trials.length);
    return pairs.filter(({ explained }) => explained === undefined).map(report);
  }

  test(`${TABLE.length} that were thought of, at once and byte by byte`, { timeout: 300_000 }, async () => {
    expect(
      await differences(TABLE.flatMap((answer) => [trial(answer, "at once", draw), slowly(answer)])),
    ).toEqual([]);
  });

  test(`${RUNS} that are drawn, at once and split`, { timeout: 3_600_000 }, async () => {
    const trials = drawn.flatMap((answer) => [trial(answer, "at once", draw), trial(answer, "split", draw)]);
    expect(await differences(trials)).toEqual([]);
  });

  test("every difference that is meant is met", () => {
    const met = new Set(found.flatMap(({ explained = [] }) => explained));
    expect(ANSWER_DIFFERENCES.filter((name) => !met.has(name))).toEqual([]);
  });

  test("every answer of ours is whole or visibly cut off, and the next request gets its own", () => {
    const wrong = found.filter(
      ({ ours: { body_is, behind, next } }) =>
        !/^(?:complete|cut off)$/.test(body_is) || behind !== "" || !next.startsWith("good, "),
    );
    expect(wrong.map(report)).toEqual([]);
  });

  test("llhttp and nginx disagree about these kinds of answers alone, each of which is met", async () => {
    const counts = new Map<string, number>(OPINION_KINDS.map(({ name }) => [name, 0]));
    const unknown: string[] = [];
    await Promise.all(
      found.map(async (pair) => {
        const { trial, nginx } = pair;
        if (trial.arrival !== "at once") return;
        const opinion = await opinionOf(trial.answer);
        const kind = disagreement(nginx, opinion);
        if (kind === "unknown") unknown.push(`${report(pair)}\n  llhttp: ${JSON.stringify(opinion)}`);
        else if (kind !== undefined) counts.set(kind.name, (counts.get(kind.name) ?? 0) + 1);
      }),
    );
    expect(unknown).toEqual([]);
    expect([...counts].filter(([, count]) => count === 0)).toEqual([]);
  });

  test("an answer behind interim ones is read as without them", { timeout: 300_000 }, async () => {
    const plain = TABLE.filter(({ name, bytes }) => /^(?:head|chunks|end):/.test(name) && bytes !== "");
    const behind = plain.map((answer) => ({ ...answer, bytes: INTERIM + answer.bytes }));
    const read = (answers: readonly Answer[]) =>
      arena.ours(answers.map((answer) => trial(answer, "at once", draw)));
    const [alone, preceded] = [await read(plain), await read(behind)];
    const wrong = plain.flatMap(({ name }, index) => {
      const [one, other] = [alone[index], preceded[index]];
      return one !== undefined && other !== undefined && isSame(one, other) ? [] : [{ name, one, other }];
    });
    expect(wrong).toEqual([]);
    expect(plain.length).toBeGreaterThan(200);
  });

  function slowly(answer: Answer): Trial {
    const arrival: Arrival = answer.bytes.length > MOST_BYTE_BY_BYTE ? "split" : "byte by byte";
    return trial(answer, arrival, draw);
  }
});

test("docs/differences.md gives the reason of every difference that is meant, and of no other", () => {
  const text = readFileSync(join(import.meta.dirname, "../../docs/differences.md"), "utf8");
  const section =
    text.split(/^# (?=Where a backend's answer is read otherwise$)/m)[1]?.split(/^#{1,2} /m)[0] ?? "";
  const headings = [...section.matchAll(/^### (.*)$/gm)].map(([, heading]) => heading);
  // The section before it has those that faults meet as well.
  const faults = FAULT_DIFFERENCES.map(({ name }) => name);
  expect(headings).toEqual(ANSWER_DIFFERENCES.filter((name) => !faults.includes(name)));
});

test("every answer of the table has a name of its own and a reason", () => {
  const names = TABLE.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(TABLE.filter(({ why }) => why === "")).toEqual([]);
});

function report({ trial: { answer, arrival, pieces }, nginx, ours }: Pair): string {
  const { name, method, connection, end } = answer;
  const bytes = pieces.map((piece) => JSON.stringify(shortened(piece))).join(" ");
  const shown = (seen: object) => shortened(JSON.stringify(seen));
  return `${name}\n  ${method}, ${connection}, ${arrival}: ${bytes}, ${end}\n  nginx:       ${shown(nginx)}\n  ingress-dev: ${shown(ours)}`;
}

function shortened(text: string): string {
  return text.length > 600 ? `${text.slice(0, 600)}…` : text;
}
