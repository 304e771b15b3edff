import type { Condition } from "../../../model/route/selection.ts";
import { compileRe2 } from "../../../re2/re2.ts";
import { textAsBytes } from "../../../request/utf8.ts";
import { Lost } from "../lost.ts";
import { readRanges } from "../services/addresses.ts";
import type { Call } from "./expression.ts";

export type RuleSyntax = "v2" | "v3";

type Matcher = (args: readonly [string, ...string[]]) => Condition | Lost;

interface Known {
  /** Numbers of arguments. default: any */
  readonly args?: readonly number[];
  readonly make: Matcher;
}

const NEVER: Condition = { kind: "one-of", of: [] };
const ALWAYS: Condition = { kind: "all", of: [] };

function pattern(
  source: string,
  use: (found: Extract<ReturnType<typeof compileRe2>, { kind: "compiled" }>["pattern"]) => Condition,
): Condition | Lost {
  const compiled = compileRe2(source);
  return compiled.kind === "compiled"
    ? use(compiled.pattern)
    : new Lost(compiled.why, "Correct the regular expression.");
}

function host([name]: readonly [string, ...string[]]): Condition | Lost {
  if (/[^\x00-\x7f]/.test(name))
    return new Lost(`the host ${name} is not ASCII`, "Write the host in its ASCII form (xn--…).");
  if (name === "*") return ALWAYS;
  const lower = withoutDot(name.toLowerCase());
  if (lower.startsWith("*.")) return { kind: "host", host: { kind: "one-label", name: lower } };
  return lower.startsWith("*") ? NEVER : { kind: "host", host: { kind: "exact", name: lower } };
}

function withoutDot(name: string): string {
  return name.endsWith(".") ? name.slice(0, -1) : name;
}

const pathOf =
  (kind: "exact" | "prefix-char"): Matcher =>
  ([path]) =>
    path.startsWith("/")
      ? { kind: "path", path: { kind, path: textAsBytes(path) } }
      : new Lost(
          `the path ${JSON.stringify(path)} does not begin with a slash`,
          "Let the path begin with /.",
        );

const hostPattern = (source: string): Condition | Lost =>
  pattern(source, (found) => ({ kind: "host", host: { kind: "pattern", pattern: found, dot: "seen" } }));
const pathPattern = (source: string): Condition | Lost =>
  pattern(source, (found) => ({
    kind: "path",
    path: { kind: "pattern", pattern: found, path: source, exact: false },
  }));
const header = (name: string, text: string): Condition => ({
  kind: "header",
  name: name.toLowerCase(),
  lines: "alone",
  value: { kind: "is", text: textAsBytes(text) },
});
const headerPattern = (name: string, source: string): Condition | Lost =>
  pattern(source, (found) => ({
    kind: "header",
    name: name.toLowerCase(),
    lines: "alone",
    value: { kind: "pattern", pattern: found },
  }));
const query = (name: string, text: string): Condition => ({
  kind: "query",
  name,
  value: { kind: "is", text },
  read: "form",
});
const method = (methods: readonly string[]): Condition => ({
  kind: "method",
  methods: new Set(methods.map((each) => each.toUpperCase())),
});

function clientAddress(ranges: readonly string[]): Condition | Lost {
  const addresses = readRanges(ranges);
  return addresses instanceof Lost ? addresses : { kind: "from", addresses, whose: "connection" };
}

/** Source: pkg/muxer/http/matcher.go */
const V3: ReadonlyMap<string, Known> = new Map<string, Known>([
  ["ClientIP", { args: [1], make: ([range]) => clientAddress([range]) }],
  ["Method", { args: [1], make: ([name]) => method([name]) }],
  ["Host", { args: [1], make: host }],
  ["HostRegexp", { args: [1], make: ([source]) => hostPattern(source) }],
  ["Path", { args: [1], make: pathOf("exact") }],
  ["PathRegexp", { args: [1], make: ([source]) => pathPattern(source) }],
  ["PathPrefix", { args: [1], make: pathOf("prefix-char") }],
  ["Header", { args: [2], make: ([name, value = ""]) => header(name, value) }],
  ["HeaderRegexp", { args: [2], make: ([name, source = ""]) => headerPattern(name, source) }],
  ["Query", { args: [1, 2], make: ([name, value = ""]) => query(name, value) }],
  [
    "QueryRegexp",
    {
      args: [1, 2],
      make: ([name, source]) =>
        source === undefined
          ? query(name, "")
          : pattern(source, (found) => ({
              kind: "query",
              name,
              value: { kind: "pattern", pattern: found },
              read: "form",
            })),
    },
  ],
]);

/** Any one of what a matcher makes of its arguments. */
function anyOf(args: readonly string[], make: (arg: string) => Condition | Lost): Condition | Lost {
  const made = args.map(make);
  const lost = made.find((each) => each instanceof Lost);
  if (lost instanceof Lost) return lost;
  const [only] = made as readonly Condition[];
  return made.length === 1 && only !== undefined
    ? only
    : { kind: "one-of", of: made as readonly Condition[] };
}

function pairs(
  args: readonly string[],
  make: (name: string, value: string) => Condition | Lost,
): Condition | Lost {
  if (args.length % 2 !== 0) return new Lost("a header has no value", "Write names and values in turn.");
  const made: (Condition | Lost)[] = [];
  for (let at = 0; at < args.length; at += 2) made.push(make(args[at] ?? "", args[at + 1] ?? ""));
  const lost = made.find((each) => each instanceof Lost);
  return lost instanceof Lost ? lost : { kind: "all", of: made as readonly Condition[] };
}

const hostV2 = (name: string): Condition => ({
  kind: "host",
  host: { kind: "exact", name: withoutDot(name.toLowerCase()) },
});

/** Source: pkg/muxer/http/matcher_v2.go */
const V2: ReadonlyMap<string, Known> = new Map<string, Known>([
  ["Host", { make: (args) => anyOf(args, hostV2) }],
  ["HostHeader", { make: (args) => anyOf(args, hostV2) }],
  ["HostRegexp", { make: (args) => anyOf(args, (one) => hostPattern(`^${templated(one, "[^.]+")}$`)) }],
  ["ClientIP", { make: clientAddress }],
  ["Path", { make: (args) => anyOf(args, (one) => pathTemplate(one, "exact")) }],
  ["PathPrefix", { make: (args) => anyOf(args, (one) => pathTemplate(one, "prefix-char")) }],
  ["Method", { make: method }],
  ["Headers", { make: (args) => pairs(args, header) }],
  ["HeadersRegexp", { make: (args) => pairs(args, headerPattern) }],
  [
    "Query",
    {
      make: (args) => ({
        kind: "all",
        of: args.map((one) => {
          const at = one.indexOf("=");
          return at < 0 ? query(one, "") : query(one.slice(0, at), one.slice(at + 1));
        }),
      }),
    },
  ],
]);

/** A path of version 2 may have `{name:expression}` in it. */
function pathTemplate(path: string, kind: "exact" | "prefix-char"): Condition | Lost {
  if (!path.includes("{")) return pathOf(kind)([path]);
  return pathPattern(`^${templated(path, "[^/]+")}${kind === "exact" ? "$" : ""}`);
}

const HOLE = /\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}/g;
const SPECIAL = /[\\.+*?()|[\]{}^$]/g;

/** The expression of a template (gorilla/mux). */
function templated(template: string, usual: string): string {
  let written = "";
  let at = 0;
  for (const { 0: hole, index } of template.matchAll(HOLE)) {
    written += template.slice(at, index).replace(SPECIAL, "\\$&");
    const [, expression = ""] = /^\w*:?(.*)$/s.exec(hole.slice(1, -1)) ?? [];
    written += expression === "" ? usual : `(?:${expression})`;
    at = index + hole.length;
  }
  return written + template.slice(at).replace(SPECIAL, "\\$&");
}

export const MATCHERS: Readonly<Record<RuleSyntax, ReadonlyMap<string, Known>>> = { v2: V2, v3: V3 };

/** Names count as written, in lower case, in capitals, and with the first letter alone in capitals. */
const SPELLINGS: Readonly<Record<RuleSyntax, ReadonlyMap<string, Known>>> = {
  v2: spelled(V2),
  v3: spelled(V3),
};

/** The names of each syntax. */
export const MATCHER_SPELLINGS: readonly ReadonlyMap<string, unknown>[] = Object.values(SPELLINGS);

function spelled(matchers: ReadonlyMap<string, Known>): ReadonlyMap<string, Known> {
  return new Map(
    [...matchers].flatMap(([name, known]) => {
      const lower = name.toLowerCase();
      return [name, lower, name.toUpperCase(), `${name[0]}${lower.slice(1)}`].map(
        (each) => [each, known] as const,
      );
    }),
  );
}

/** Matchers that version 3 has no more. */
const IN_PLACE_OF_V2: ReadonlyMap<string, string> = new Map([
  ["HostHeader", "Host"],
  ["Headers", "Header"],
  ["HeadersRegexp", "HeaderRegexp"],
]);

function unknownMatcher(name: string, syntax: RuleSyntax): Lost {
  const newer = syntax === "v3" ? IN_PLACE_OF_V2.get(name) : undefined;
  if (newer !== undefined)
    return new Lost(
      `the matcher ${name} is of Traefik 2's syntax`,
      `Write ${newer} in its place, or choose that syntax: syntax: v2 beside match.`,
    );
  const names = [...MATCHERS[syntax].keys()].join(", ");
  return new Lost(`there is no matcher ${name}`, `Use one of Traefik's matchers: ${names}.`);
}

/** Version 2 took any number. */
function argumentsFix(name: string, args: readonly string[], { args: counts }: Known): string {
  return counts?.join() === "1" && args.length > 1
    ? `Give ${name} one argument, and join several: ${args.map((arg) => `${name}(\`${arg}\`)`).join(" || ")}.`
    : `Correct the arguments of ${name}.`;
}

/** The condition of one call. */
export function conditionFor({ name, args }: Call, syntax: RuleSyntax): Condition | Lost {
  const known = SPELLINGS[syntax].get(name);
  if (known === undefined) {
    return unknownMatcher(name, syntax);
  }
  const [first, ...others] = args;
  if (first === undefined || args.includes("") || known.args?.includes(args.length) === false)
    return new Lost(`${name} has the wrong arguments`, argumentsFix(name, args, known));
  return known.make([first, ...others]);
}
