import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DOCUMENTED } from "../../src/compile/ingress-nginx/annotations/features.ts";
import { parseCaseFile } from "../support/case-file.ts";
import type { Random } from "./random.ts";

const ROOT = join(import.meta.dirname, "..", "..");

/** Valid documents of every kind, from cases and examples. */
function readDocuments(): readonly string[] {
  const cases = readdirSync(join(ROOT, "test", "cases")).filter((name) => name.endsWith(".case"));
  const examples = readdirSync(join(ROOT, "examples"), { recursive: true, encoding: "utf8" });
  const texts = [
    ...cases.map(
      (name) => parseCaseFile(readFileSync(join(ROOT, "test", "cases", name), "utf8"), name).manifests,
    ),
    ...examples
      .filter((name) => /\.ya?ml$/.test(name))
      .map((name) => readFileSync(join(ROOT, "examples", name), "utf8")),
  ];
  const documents = texts.flatMap((text) => text.split(/^---$/m)).filter((text) => /^kind:/m.test(text));
  return [...new Set(documents)].filter((text) => text.length < 20_000);
}

const DOCUMENTS = readDocuments();
const ANNOTATIONS = [...DOCUMENTED.keys()];
const KINDS = [
  ...[
    "Ingress",
    "IngressClass",
    "Service",
    "EndpointSlice",
    "Secret",
    "ConfigMap",
    "Deployment",
    "StatefulSet",
  ],
  ...["List", "IngressList", "ServiceList", "Pod", "ingress", "Foo", "null", "[]"],
];

/** YAML that means something else than it seems. */
const CONSTRUCTS = [
  ...[
    "&a",
    "*a",
    "!t",
    "|",
    ">",
    "|2-",
    ">+",
    "? ",
    ": ",
    "- ",
    "---",
    "...",
    "%YAML 1.2",
    "<<: *a",
    "~",
    "{",
    "}",
  ],
  ...[
    "[",
    "]",
    ",",
    '"',
    "'",
    "\\",
    '"\\x',
    "#",
    " #",
    "\t",
    "\r",
    "\r\n",
    "@",
    "`",
    "{{ .Values.a }}",
    "{{-",
    "}}",
  ],
  ...[
    "\0",
    "\x1b[31m",
    "\x7f",
    "\u2028",
    "\u202e",
    "\ufeff",
    "\ud800",
    "é",
    "日本",
    "__proto__: 1",
    "constructor: 1",
  ],
];

/** Values that could break a reader of annotations, ports or names. */
const VALUES = [
  ...[
    "",
    " ",
    "true",
    "false",
    "yes",
    "0",
    "-1",
    "1e9",
    "0x50",
    "080",
    "99999999999999999999",
    ".5",
    "NaN",
    "1.5",
  ],
  ...[
    "a",
    "a,b",
    "a, ,",
    ",",
    ", ",
    "*",
    "*.a.test",
    "a.test",
    "http://a.test",
    "https://$host/$1",
    "$",
    "$1",
    "$args",
  ],
  ...[
    "${a",
    "%",
    "%zz",
    "/",
    "//",
    "/../..",
    "/a/(.*)",
    "/a/(?<b>c)/$b",
    "(",
    "((((",
    "[",
    "[z-a]",
    "(a+)+$",
    "\\",
    "^$",
  ],
  ...[
    "10.0.0.0/8",
    "::/0",
    "300.1.1.1",
    "10.0.0.0/99",
    "1k",
    "1m",
    "1G",
    "-1k",
    "10s",
    "1h",
    "off",
    "on",
    "GET, POST",
  ],
  ...[
    "200 10m",
    "404,503",
    "X-A: b",
    "X-A",
    "default/a",
    "a/b/c",
    "/etc/passwd",
    "_by_lua",
    "cookie",
    "HTTPS",
    "GRPC",
  ],
  ...[
    "FCGI",
    "AES128-SHA:@SECLEVEL=0",
    "TLSv1.2",
    "SHA1;",
    "\n",
    "a\nb",
    "\r\n",
    "\0",
    '"',
    "'",
    ";",
    "{}",
    "é",
    "\u202e",
  ],
];

/** A file of a few mostly valid documents, then mutated. */
export function anyManifest(random: Random): string {
  const count = 1 + random.below(4);
  const documents = Array.from({ length: count }, () => annotated(random, random.pick(DOCUMENTS)));
  let text = documents.join("\n---\n");
  for (let left = random.below(4); left > 0; left--) text = random.pick(MUTATIONS)(text, random);
  return text;
}

function annotated(random: Random, document: string): string {
  if (!/^kind: Ingress$/m.test(document) || random.percent(40)) return document;
  const names = Array.from({ length: 1 + random.below(4) }, () => random.pick(ANNOTATIONS));
  const lines = names.map(
    (name) => `    nginx.ingress.kubernetes.io/${name}: ${JSON.stringify(anyValue(random))}\n`,
  );
  const block = `metadata:\n  name: f${random.below(3)}\n  annotations:\n${lines.join("")}`;
  return document.replace(/^metadata:.*\n(?:[ \t].*\n)*/m, block);
}

function anyValue(random: Random): string {
  if (random.percent(70)) return random.pick(VALUES);
  const parts = Array.from({ length: 1 + random.below(5) }, () => random.pick(VALUES));
  const value = parts.join(random.pick(["", ",", " ", ", "]));
  return random.percent(5) ? value.repeat(1 + random.below(2000)) : value;
}

type Mutation = (text: string, random: Random) => string;

const MUTATIONS: readonly Mutation[] = [
  (text, random) => splice(text, random, 0, random.pick(CONSTRUCTS)),
  (text, random) => splice(text, random, 1 + random.below(8), ""),
  (text, random) => splice(text, random, 1, String.fromCharCode(random.below(256))),
  (text, random) => text.slice(0, random.below(text.length + 1)),
  (text, random) => text.slice(random.below(text.length + 1)),
  (text, random) => splice(text, random, 0, random.pick(CONSTRUCTS).repeat(1 + random.below(600))),
  (text, random) => withLines(text, random, (lines, at) => lines.splice(at, 1)),
  (text, random) =>
    withLines(text, random, (lines, at) => lines.splice(at, 0, lines[random.below(lines.length)] ?? "")),
  (text, random) =>
    withLines(text, random, (lines, at) => {
      lines[at] = `${" ".repeat(random.below(6))}${(lines[at] ?? "").trimStart()}`;
    }),
  (text, random) =>
    withLines(text, random, (lines, at) => {
      lines[at] = (lines[at] ?? "").replace(
        /: .*$/,
        `: ${random.percent(50) ? random.pick(VALUES) : random.pick(CONSTRUCTS)}`,
      );
    }),
  (text, random) => text.replace(/^kind: .*$/m, `kind: ${random.pick(KINDS)}`),
  (text, random) => text.replaceAll("\n", random.pick(["\r\n", "\n\n", "\r", "\n# a\n"])),
  (text, random) => `${text}\n---\n${text}`.slice(0, 40_000 - random.below(100)),
  (text, random) => text.replace(/host: .*$/m, `host: ${random.pick(VALUES)}`),
  (text, random) => text.replace(/path: \S+/, `path: ${JSON.stringify(`/${anyValue(random)}`)}`),
];

function splice(text: string, random: Random, length: number, put: string): string {
  const at = random.below(text.length + 1);
  return text.slice(0, at) + put + text.slice(at + length);
}

function withLines(text: string, random: Random, change: (lines: string[], at: number) => void): string {
  const lines = text.split("\n");
  change(lines, random.below(lines.length));
  return lines.join("\n");
}
