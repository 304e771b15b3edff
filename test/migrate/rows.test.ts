import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { type Pods, startPods } from "../controllers/pods.ts";
import { askedRow } from "./ask-row.ts";
import { ALIKE, NOT_SHOWN, UNHELD } from "./lists.ts";
import { PAGE, pageWithRows } from "./page.ts";
import { type Answer, numberOf, type Row, readRows } from "./row.ts";
import { type Shown, shownByDiff } from "./shown.ts";

const ROWS = readRows();
const CONTROLLERS = ["ingress-nginx", "traefik-nginx"] as const;

test("there are 95 rows, each with its own number", () =>
  expect(ROWS.map(({ file }) => numberOf(file))).toEqual(Array.from({ length: 95 }, (_, at) => at)));

const certsDir = mkdtempSync(join(tmpdir(), "ingress-dev-migrate-"));
let pods: Pods;
beforeAll(async () => {
  pods = await startPods(16);
});
afterAll(() => {
  pods.close();
  rmSync(certsDir, { recursive: true, force: true });
});

describe.each(CONTROLLERS)("through sockets, under %s", (controller) => {
  // Whether an endpoint is asked is known without a socket, and sockets have pods of their own.
  const rows = ROWS.filter(({ text }) => !text.includes("EndpointSlice"));
  it.each(rows.map((row) => [row.file, row] as const))("%s", async (_, row) => {
    const lines = await askedRow(row, controller, pods, certsDir);
    if (UNHELD.has(numberOf(row.file)) && controller === "traefik-nginx")
      expect(lines, "the row holds: take it off the list").not.toEqual([]);
    else expect(lines.join("\n")).toBe("");
  });
});

/** Headers and pages are for sockets to show. */
const statusAndRest = ({ oneOf }: Answer) => oneOf.map((one) => one.replace(/ ".*"$/, "")).sort();

describe("by functions", () => {
  it.each(ROWS.map((row) => [row.file, row] as const))("%s", async (file, row) => {
    const number = numberOf(file);
    const shown = await shownByDiff(row);
    expect(shown.unread).toEqual([]);
    for (const [at, request] of row.requests.entries())
      for (const [side, controller] of CONTROLLERS.entries()) {
        const answer = request.answers.get(controller);
        // A share's chance is no draw of the configuration.
        const isDrawn = answer !== undefined && answer.oneOf.length > 1 && !NOT_SHOWN.has(number);
        if (answer !== undefined && (isDrawn || row.text.includes("EndpointSlice")))
          expect(shown.decided[at]?.[side], `${controller} ${request.url}`).toEqual(statusAndRest(answer));
      }
    const missing = notShown(row, shown);
    if (NOT_SHOWN.has(number)) expect(missing, "diff shows it: take it off the list").not.toEqual([]);
    else expect(missing).toEqual([]);
  });
});

/** Requests of which `diff` names no difference, or one that none of its own requests has. */
function notShown(row: Row, { own, reported, everywhere }: Shown): readonly string[] {
  const number = numberOf(row.file);
  const sentence = EVERYWHERE.get(number);
  if (sentence !== undefined)
    return everywhere.some((said) => said.includes(sentence)) ? [] : [`no sentence has ${sentence}`];
  return row.requests.flatMap(({ url }, at) => {
    const causes = own[at] ?? [];
    if (causes.length === 0) return ALIKE.has(url) ? [] : [`${url} does not differ`];
    return causes.flatMap(({ key, text }) =>
      reported.some((cause) => cause.key === key) ? [] : [`${url}: no request shows: ${text}`],
    );
  });
}

/** What a row's request shares with every other one, in words of `diff`. */
const EVERYWHERE: ReadonlyMap<number, string> = new Map([
  [1, "X-Forwarded-Scheme"],
  [2, "X-Forwarded-Port: 8080 in place of 80"],
  [4, '"404 page not found"'],
]);

/** `INGRESS_DEV_WRITE_DOCS=1 npx vitest run test/migrate` writes the page instead of comparing it. */
test("the page says what the rows say", () => {
  const page = readFileSync(PAGE, "utf8");
  const held = ROWS.filter(({ file }) => !UNHELD.has(numberOf(file)));
  const written = pageWithRows(page, held);
  if (process.env.INGRESS_DEV_WRITE_DOCS === "1") writeFileSync(PAGE, written);
  expect(readFileSync(PAGE, "utf8")).toBe(written);
});
