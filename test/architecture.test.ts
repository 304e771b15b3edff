import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";

/**
 * Allowed imports. A place is a folder (`src/match`), or one file with its own layer (`src/hosts/file`). A
 * place outside of the table fails.
 */
const SHARED = [
  "src/model",
  "src/errors",
  "src/closest",
  "src/counted",
  "src/append",
  "src/contain",
  "src/steps",
  "src/once-per",
  "src/between-equal-ends",
  "src/turns",
  "src/tls-versions",
  "src/internal",
  "src/stack",
  "src/late",
  "src/thread",
];
const PURE = [
  "src/witness",
  "src/diff",
  "src/expect",
  "src/findings",
  "src/convert",
  "src/har",
  "src/yaml",
  "src/pcre",
  "src/re2",
  "src/request",
  "src/select",
  "src/manifest",
  "src/service",
  "src/compile",
  "src/step",
  "src/match",
  "src/plane",
  "src/hosts/block",
];
/** Rooms of the proxy: each imports those before it, types too. */
const PROXY_ROOMS = ["limits", "connect", "exchange", "carry", "decide", "listen", "streams"].map(
  (room) => `src/proxy/${room}`,
);
const PROXY = [...SHARED, ...PURE, "src/http1", "src/http2"];

const MAY_IMPORT: Record<string, readonly string[]> = {
  "src/model": [],
  "src/errors": [],
  "src/closest": [],
  "src/counted": [],
  "src/append": [],
  "src/steps": [],
  "src/once-per": [],
  "src/between-equal-ends": [],
  // Gives way to the event loop by the clock.
  "src/turns": ["src/steps"],
  "src/internal": ["src/model", "src/errors", "src/stack"],
  "src/contain": [],
  "src/stack": [],
  "src/late": [],
  "src/thread": [],
  // Reads HTTP/1 for any server; knows no routes.
  "src/http1": ["src/model", "src/contain"],
  "src/http2": ["src/model", "src/contain", "src/http1"],
  "src/tls-versions": [],
  "src/yaml": ["src/steps"],
  "src/pcre": ["src/model"],
  "src/re2": ["src/model", "src/request"],
  "src/manifest": [...SHARED, "src/yaml", "src/re2", "src/request"],
  "src/request": SHARED,
  "src/select": [...SHARED, "src/request"],
  "src/step": [...SHARED, "src/re2", "src/request", "src/select"],
  "src/match": [...SHARED, "src/request", "src/select", "src/step"],
  // A data plane's reading and answering; a compiled table has its controller's.
  "src/plane": [...SHARED, "src/request"],
  "src/service": [...SHARED, "src/request"],
  "src/compile": [
    ...SHARED,
    ...["src/pcre", "src/re2", "src/request", "src/select", "src/step", "src/match", "src/plane"],
    // Contour's options are a file in a ConfigMap.
    ...["src/service", "src/yaml"],
  ],
  // Requests that tell tables apart.
  "src/witness": [...SHARED, "src/pcre", "src/request", "src/select", "src/step", "src/match"],
  "src/diff": [...SHARED, "src/request", "src/select", "src/step", "src/match", "src/witness"],
  // Test files, and what they expect.
  "src/expect": [...SHARED, "src/yaml", "src/request", "src/select", "src/match"],
  // What is wrong with routes, each shown by a request.
  "src/findings": [
    ...SHARED,
    "src/pcre",
    "src/request",
    "src/select",
    "src/step",
    "src/match",
    "src/witness",
  ],
  // Manifest text → the same text, mended.
  "src/convert": [...SHARED, "src/yaml", "src/manifest"],
  // Ingresses → the objects of another controller, and which differences were said.
  "src/convert/to": [
    ...SHARED,
    ...["src/yaml", "src/manifest", "src/convert", "src/compile", "src/service", "src/request", "src/diff"],
    // Expressions that a target cannot run are refused.
    "src/re2",
  ],
  "src/har": [...SHARED, "src/request"],
  "src/hosts/block": SHARED,
  // Writes files that others read meanwhile.
  "src/replace-whole": [],
  "src/source": [...SHARED, ...PURE, "src/replace-whole"],
  "src/kube": [...SHARED, ...PURE, "src/replace-whole"],
  "src/upstream": [...SHARED, ...PURE, "src/http1"],
  "src/proxy": [...PROXY, ...PROXY_ROOMS],
  ...Object.fromEntries(PROXY_ROOMS.map((room, at) => [room, [...PROXY, ...PROXY_ROOMS.slice(0, at)]])),
  "src/hosts": [...SHARED, ...PURE],
  // Witness requests for a real controller.
  "src/verify": [...SHARED, ...PURE],
  certs: [...SHARED, ...PURE],
  ui: [...SHARED, ...PURE],
  "src/cli": ["*"],
  "src/main": ["src/cli", ...SHARED],
};

/**
 * Types that a place may name from above it: a step's type stands beside its function, which reads the model.
 */
const MAY_NAME: Record<string, readonly string[]> = { "src/model": ["src/step"] };

const root = resolve(import.meta.dirname, "..");
const files = ["src", "ui", "certs"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => join(folder, name)),
);

/** The longest entry that covers a file. */
function placeOf(file: string): string | undefined {
  const path = file.replace(/\.tsx?$/, "");
  return Object.keys(MAY_IMPORT)
    .filter((place) => path === place || path.startsWith(`${place}/`))
    .sort((a, b) => b.length - a.length)[0];
}

const ANY_IMPORT = /(?:from|import)\s*\(?\s*"(\.[^"]+)"/g;
const TYPE_IMPORT = /^import type [^;]*? from "(\.[^"]+)"/gm;

function importsOf(file: string, form = ANY_IMPORT): string[] {
  const text = readFileSync(join(root, file), "utf8");
  return [...text.matchAll(form)].map((found) =>
    relative(root, resolve(root, dirname(file), found[1] ?? "")),
  );
}

test("there are files to look at", () => expect(files.length).toBeGreaterThan(5));

test.each(files)("%s imports only what its layer may", (file) => {
  const place = placeOf(file);
  expect(place, `${file} is in no folder of MAY_IMPORT`).toBeDefined();
  const allowed = MAY_IMPORT[place ?? ""] ?? [];
  const nameable = MAY_NAME[place ?? ""] ?? [];
  const types = new Set(importsOf(file, TYPE_IMPORT));
  const wrong = importsOf(file).filter((target) => {
    const to = placeOf(target);
    if (types.has(target) && to !== undefined && nameable.includes(to)) return false;
    return !(to === place || allowed.includes("*") || (to !== undefined && allowed.includes(to)));
  });
  expect(wrong).toEqual([]);
});

/** Pure places: equal inputs give equal outputs, at any time and on any machine. */
const PURE_PLACES = [...PURE, "src/model", "ui/state", "ui/dashboard-state", "ui/navigate", "ui/select"];

/** Parts of Node.js that are functions of their arguments alone. */
const PURE_OF_NODE: Readonly<Record<string, readonly string[]>> = {
  "node:buffer": ["Buffer"],
  // They read texts.
  "node:net": ["BlockList", "SocketAddress", "isIP", "isIPv4", "isIPv6"],
  // They read bytes.
  "node:crypto": ["X509Certificate", "createHash", "createPrivateKey"],
  // OpenSSL checks certificates, keys and cipher lists; nothing is opened.
  "node:tls": ["createSecureContext"],
};

const pureFiles = files.filter((file) =>
  PURE_PLACES.some((place) => file.startsWith(`${place}/`) || file.replace(/\.tsx?$/, "") === place),
);

/** A part of Node.js that is loaded when first used. */
const LATE = /process\.getBuiltinModule\("(node:[^"]+)"\)\.(\w+)/g;

/** `node:net isIP`, for each value that a file imports. */
function nodeImportsOf(text: string): string[] {
  const listed = [...text.matchAll(/^import \{([^}]*)\} from "(node:[^"]+)"/gm)].flatMap(
    ([, names = "", from]) =>
      names
        .split(",")
        .map((name) => name.trim())
        .filter((name) => name !== "" && !name.startsWith("type "))
        .map((name) => `${from} ${name.split(" ")[0]}`),
  );
  const whole = [...text.matchAll(/^import (?!type|\{)(.*) from "(node:[^"]+)"|import\("(node:[^"]+)"\)/gm)];
  const late = [...text.matchAll(LATE)].map(([, from, name]) => `${from} ${name}`);
  return [...listed, ...late, ...whole.map(([, name, from, loaded]) => `${from ?? loaded} ${name ?? "*"}`)];
}

/** The clock, chance, timers, the process, the network, the terminal. */
const IMPURE =
  /\b(?:Date\.now|new Date\(\)|Math\.random|performance\.|set(?:Timeout|Interval|Immediate)|queueMicrotask|process\.|fetch\(|console\.)/;

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|(^|\s)\/\/.*$/gm, "$1");
}

test.each(pureFiles)("%s knows no disk, network, clock or chance", (file) => {
  const text = withoutComments(readFileSync(join(root, file), "utf8"));
  const ofNode = nodeImportsOf(text).filter((used) => {
    const [from = "", name = ""] = used.split(" ");
    return PURE_OF_NODE[from]?.includes(name) !== true;
  });
  expect([
    ...ofNode,
    ...text
      .replace(LATE, "")
      .split("\n")
      .filter((line) => IMPURE.test(line)),
  ]).toEqual([]);
});

/** A list spread into a call goes over the stack, which overflows at about 120,000 entries. */
const ON_THE_STACK =
  /\.(?:push|unshift|splice)\((?:[^(){}]*, )?\.\.\.|(?:Math\.(?:max|min)|from(?:CharCode|CodePoint))\((?:[^{}]*, )?\.\.\./;

test.each(files)("%s spreads no list into a call", (file) => {
  const lines = readFileSync(join(root, file), "utf8").split("\n");
  expect(lines.filter((line) => ON_THE_STACK.test(line))).toEqual([]);
});

/** Words that only this project would understand. */
const ODD = new Set("course chart errand journey told wish wishes luck believed stray spent".split(" "));

/** The names that a file declares and exports. `export { x } from` belongs to the other file. */
function exportsOf(file: string): string[] {
  const text = readFileSync(join(root, file), "utf8");
  const declared = text.matchAll(
    /^export (?:default )?(?:async )?(?:function\*?|const|let|class|interface|type|enum) (\w+)/gm,
  );
  const listed = [...text.matchAll(/^export (?:type )?\{([^}]*)\}/gm)]
    .flatMap((list) => (list[1] ?? "").split(","))
    .map((entry) => entry.trim().split(/\s+/))
    .filter(([name, as]) => as === "as" || new RegExp(`^(?:function|const|class) ${name}\\b`, "m").test(text))
    .map((words) => words.at(-1) ?? "");
  return [...[...declared].map((found) => found[1] ?? ""), ...listed];
}

const exporters = new Map<string, string[]>();
for (const file of files)
  for (const name of new Set(exportsOf(file))) exporters.set(name, [...(exporters.get(name) ?? []), file]);

test("no name is exported by two files for two things", () => {
  const twice = [...exporters].filter(([, by]) => by.length > 1);
  expect(Object.fromEntries(twice), "choose a name that says which of the two").toEqual({});
});

test("no export has a name that only this project would understand", () => {
  const odd = [...exporters].filter(([name]) =>
    (name.match(/[A-Z]?[a-z]+/g) ?? []).some((word) => ODD.has(word.toLowerCase())),
  );
  expect(Object.fromEntries(odd)).toEqual({});
});
