import { expect, test } from "vitest";
import { requestFacts } from "../../../src/cli/predict/request-facts.ts";
import { workOut } from "../../../src/cli/predict/work-out.ts";
import { READ_NAMES, UNREAD } from "../../../src/compile/traefik-nginx/names.ts";
import { clientCounts } from "../../support/client-counts.ts";
import { numbers } from "../../support/numbers.ts";
import { compiled, ingressOf, serviceOf } from "./support.ts";

const SETS = 60;
const HOSTS = ["a.test", "www.a.test", "x.a.test", "*.a.test", "b.test", undefined];
const PATHS = ["/", "/a", "/a/", "/a/b", "/(a|b)(/.*)?", "/a(?!b)", "/[", "/%41", "/é", ""];
const TYPES = ["Prefix", "Exact", "ImplementationSpecific"];
const SERVICES = ["s", "t", "gone"];
const NAMES = [...READ_NAMES.keys(), ...UNREAD];
const VALUES = [
  ...[
    "true",
    "false",
    "1",
    "",
    "-1",
    "0",
    "100",
    "99999999999999999999",
    "on",
    "off",
    "cookie",
    "basic",
    "digest",
  ],
  ...[
    "/$1",
    "/",
    "$",
    "${",
    "https://x.test/$1",
    "mailto:a",
    "a b",
    "%zz",
    "é",
    "\n",
    "__proto__",
    "x,,y",
    "*.a.test",
  ],
  ...[
    "default/users",
    "users",
    "default/none",
    "10.0.0.0/8",
    "127.0.0.1",
    "http_500",
    "404,500-599",
    "GRPC",
    "(",
    "$host",
  ],
];
const TARGETS = ["/", "/a", "/a/b?c=d", "/%2e%2e/a", "//a//b", "/a%2Fb", "*", "/%zz", "/é", "/a?x=%zz;y"];

const users = { auth: Buffer.from("u:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=\n").toString("base64") };
const OBJECTS = [
  serviceOf("s"),
  serviceOf("t"),
  { apiVersion: "v1", kind: "Secret", metadata: { name: "users" }, data: users },
];

test.each(Array.from({ length: SETS }, (_, seed) => seed))("set %i is answered", async (seed) => {
  const next = numbers(seed);
  const one = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T;
  const several = <T>(most: number, make: () => T) => Array.from({ length: Math.ceil(next() * most) }, make);
  const ingresses = several(5, () => one(["web", "api", "canary", "a.b", "a-b"])).map((name, at) =>
    ingressOf({
      name: `${name}${at % 2}`,
      annotations: Object.fromEntries(several(6, () => [one(NAMES), one(VALUES)])),
      paths: several(4, () => {
        const host = one(HOSTS);
        const path = { path: one(PATHS), pathType: one(TYPES), service: one(SERVICES) };
        return host === undefined ? path : { host, ...path };
      }),
      spec:
        next() < 0.3 ? { defaultBackend: { service: { name: one(SERVICES), port: { number: 80 } } } } : {},
    }),
  );
  const { table, problems } = compiled([...OBJECTS, ...ingresses]);
  for (const { message, fix } of problems) expect(`${message}${fix}`).not.toContain("undefined");
  const resolve = () => ({ kind: "none", why: "nobody is there" }) as const;
  for (const target of TARGETS) {
    const host = one(["a.test", "x.a.test", "b.test:80", "", "A.TEST."]);
    const sample = {
      scheme: one(["http", "https"] as const),
      method: one(["GET", "OPTIONS", "POST"]),
      target,
      headers: [["Host", host]],
    } as const;
    const bytes = { ...sample, target: Buffer.from(target).toString("latin1") };
    const facts = requestFacts(bytes, table.plane, {
      ...{ ports: { http: 80, https: 443 }, exact: true, remoteAddress: "127.0.0.1", chance: 0.5 },
      noEndpoints: () => (next() < 0.5 ? "nobody is there" : undefined),
    });
    const { decision } = await workOut(table, { resolve }, facts, clientCounts());
    expect(decision.kind === "forward" ? 200 : decision.status).toBeGreaterThanOrEqual(200);
  }
});
