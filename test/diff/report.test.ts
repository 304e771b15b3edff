import { expect, test } from "vitest";
import { differencesJson } from "../../src/cli/diff/report/json.ts";
import { differencesMarkdown } from "../../src/cli/diff/report/markdown.ts";
import { requestInWords } from "../../src/cli/diff/report/request-text.ts";
import { differencesText } from "../../src/cli/diff/report/text.ts";
import type { Difference, DifferenceReport } from "../../src/diff/difference.ts";
import { grouped } from "../../src/diff/grouped.ts";
import { reason } from "../../src/model/reason.ts";
import type { SampleRequest } from "../../src/model/sample-request.ts";

function get(target: string, others: Partial<SampleRequest> = {}): SampleRequest {
  return { scheme: "https", method: "GET", target, headers: [["Host", "shop.test"]], ...others };
}

function lost(request: SampleRequest, about = "cart", file = "k8s/shop.yaml"): Difference {
  return {
    request,
    cause: { code: "rule-removed", text: "rule removed", detail: about, key: about },
    aspects: ["kind"],
    first: {
      behaviour: { kind: "forward", service: `default/${about}:80`, path: request.target },
      ingress: `default/${about}`,
      rule: { host: "shop.test", path: "/cart", pathType: "Prefix", regex: false },
      place: { file, line: 14 },
      why: [reason("longest-prefix", `the longest that covers ${about}`)],
    },
    second: {
      behaviour: { kind: "respond", status: 404 },
      why: [reason("no-rule-for-path", "no rule covers it")],
    },
    rank: 0,
  };
}

function reportOf(
  differences: readonly Difference[],
  others: Partial<DifferenceReport> = {},
): DifferenceReport {
  const rest = { sides: ["old", "new"], compared: 100, complete: true, incomplete: [] } as const;
  return { ...rest, groups: grouped(differences), ...others };
}

const REQUESTS: readonly (readonly [SampleRequest, string])[] = [
  [get("/cart"), "GET https://shop.test/cart"],
  [get("/cart?x=1"), "GET https://shop.test/cart?x=1"],
  [get("/cart?x=1&y=2"), "GET 'https://shop.test/cart?x=1&y=2'"],
  [get("/it's"), "GET 'https://shop.test/it'\\''s'"],
  [get("/$(reboot)"), "GET 'https://shop.test/$(reboot)'"],
  [get("/\xc3\xbc"), "GET 'https://shop.test/ü'"],
  [get("/", { headers: [] }), "GET https:/// -H 'Host:'"],
  [
    get("/", {
      method: "POST",
      headers: [
        ["Host", "shop.test:8080"],
        ["X-Canary", "al'ways"],
      ],
      bodySize: 9,
      client: "10.0.0.5",
    }),
    "POST https://shop.test:8080/ -H 'X-Canary: al'\\''ways' --body-size 9 --client-address 10.0.0.5",
  ],
  [get("/", { chance: 0.05 }), "GET https://shop.test/ # drawn: 0.05"],
];

test.each(REQUESTS)("a request can be pasted into a shell: %#", (request, text) => {
  expect(requestInWords({ request })).toBe(text);
});

test("differences of one cause are one finding, the simplest request first", () => {
  const report = reportOf([
    lost(get("/cart/a")),
    lost(get("/cart?q")),
    lost(get("/cart")),
    lost(get("/x"), "x"),
  ]);
  expect(differencesText(report, { colour: "never", all: false })).toEqual([
    "rule removed: x  (1 request)",
    "  GET https://shop.test/x",
    "    old  forward default/x:80 /x",
    "         k8s/shop.yaml:14  Ingress default/x shop.test /cart (Prefix)",
    "         the longest that covers x",
    "    new  respond 404",
    "         no rule covers it",
    "",
    "rule removed: cart  (3 requests)",
    "  GET https://shop.test/cart",
    "    old  forward default/cart:80 /cart",
    "         k8s/shop.yaml:14  Ingress default/cart shop.test /cart (Prefix)",
    "         the longest that covers cart",
    "    new  respond 404",
    "         no rule covers it",
    "  GET https://shop.test/cart/a  forward default/cart:80 /cart/a → respond 404",
    "  GET https://shop.test/cart?q  forward default/cart:80 /cart?q → respond 404",
    "",
    "4 of 100 requests differ, by 2 causes.",
    "The requests are complete: there is no other difference.",
  ]);
});

test("more requests of a cause are counted, and printed with --all", () => {
  const report = reportOf(["/a", "/b", "/c", "/d", "/e", "/f"].map((target) => lost(get(target))));
  const short = differencesText(report, { colour: "never", all: false });
  expect(short).toContain("  … and 2 more (--all prints them)");
  expect(short.join("\n")).not.toContain("shop.test/f");
  const long = differencesText(report, { colour: "never", all: true }).join("\n");
  expect(long).toContain("shop.test/f");
  expect(long).not.toContain("more");
});

test("the titles of the sides are the caller's; the keys of the JSON stay, and name them", () => {
  const report = reportOf([lost(get("/cart"))], { sides: ["predicted", "actual"] });
  expect(differencesText(report, { colour: "never", all: false }).join("\n")).toContain(
    "    actual     respond 404",
  );
  const { differences, sides } = JSON.parse(differencesJson(report));
  expect(sides).toEqual({ old: "predicted", new: "actual" });
  expect(differences[0]).toMatchObject({
    request: "GET https://shop.test/cart",
    cause: "rule removed",
    code: "rule-removed",
    old: {
      decision: "forward",
      backend: { namespace: "default", service: "cart", port: 80 },
      upstreamPath: "/cart",
      file: "k8s/shop.yaml",
      line: 14,
      ingress: "default/cart",
      why: ["the longest that covers cart"],
    },
    new: { decision: "respond", status: 404, why: ["no rule covers it"] },
  });
});

test("JSON has a difference for each request", () => {
  const report = reportOf([lost(get("/a")), lost(get("/b"))]);
  const read = JSON.parse(differencesJson(report));
  expect(read.differences.map(({ request }: { request: string }) => request)).toEqual([
    "GET https://shop.test/a",
    "GET https://shop.test/b",
  ]);
  expect(read).toMatchObject({ compared: 100, complete: true });
});

test("a best effort is said with its reasons", () => {
  const report = reportOf([], { complete: false, incomplete: ["shop.test has the regular expression ^/a+"] });
  expect(differencesText(report, { colour: "never", all: false })).toEqual([
    "No differences in 100 requests.",
    "The requests are a best effort:",
    "  shop.test has the regular expression ^/a+",
  ]);
  expect(JSON.parse(differencesJson(report))).toEqual({
    compared: 100,
    complete: false,
    incomplete: ["shop.test has the regular expression ^/a+"],
    differences: [],
  });
  expect(differencesMarkdown(report, "diff").join("\n")).toContain(
    "shop.test has the regular expression ^/a+",
  );
});

const HOSTILE = "a|b`c`<script>&amp;\n\n```\n# Title @octocat \x1b[31m\u202e</summary></details>";

test("no name of a manifest leaves its place in Markdown", () => {
  const text = differencesMarkdown(reportOf([lost(get("/`x`|\r\n```"), HOSTILE, HOSTILE)]), "diff").join(
    "\n",
  );
  const [before, fenced = "", behind, ...others] = text.split(/^```.*$/m);
  expect(others).toEqual([]);
  // What a fence holds is text; each of its lines begins with one of ours.
  expect(
    fenced
      .trim()
      .split("\n")
      .filter((line) => !/^(?:[-+] | {2}|GET|$)/.test(line)),
  ).toEqual([]);
  const outside = `${before}${behind}`;
  expect(outside).not.toContain("<script>");
  expect(outside.match(/<details>/g)).toHaveLength(1);
  expect(outside.match(/<\/details>/g)).toHaveLength(1);
  expect(outside.match(/^#+ .*/gm)).toEqual(["### diff: 1 request"]);
  // GitHub notifies nobody that is named in code.
  expect(outside.replace(/<code>.*?<\/code>/g, "")).not.toContain("@octocat");
  expect(text).not.toMatch(/[\x1b\u202e]/);
});

test("no name of a manifest reaches the terminal as it is", () => {
  const report = reportOf([lost(get("/\x1b[2J"), HOSTILE, HOSTILE)]);
  for (const line of differencesText(report, { colour: "never", all: true }))
    expect(line).not.toMatch(/[\p{Cc}\u202e]/u);
  expect(differencesJson(report)).not.toMatch(/[\p{Cc}\u202e]/u);
});

test("a comment is no longer than GitHub takes, and says what it lacks", () => {
  const many = Array.from({ length: 3000 }, (_, at) => lost(get(`/${at}`), `service-${at}`));
  const lines = differencesMarkdown(reportOf(many), "diff");
  const text = lines.join("\n");
  expect(text.length).toBeLessThanOrEqual(65_536);
  const shown = text.match(/<details>/g)?.length ?? 0;
  expect(shown).toBeGreaterThan(50);
  expect(lines.at(-1)).toContain(`${3000 - shown} more causes with ${3000 - shown} requests`);
  const long = differencesMarkdown(reportOf([lost(get(`/${"x".repeat(100_000)}`))]), "diff").join("\n");
  expect(long.length).toBeLessThanOrEqual(65_536);
});
