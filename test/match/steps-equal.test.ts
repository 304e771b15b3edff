import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { match } from "../../src/match/match.ts";
import type { Decision, RequestFacts } from "../../src/model/decision.ts";
import { virtualHosts } from "../../src/select/table.ts";
import { ingresses, samples } from "../oracle/ingresses.ts";
import { requestOf, requestSketch } from "../oracle/requests.ts";
import { manifestOf } from "../oracle/resources.ts";
import { parseCaseFile } from "../support/case-file.ts";
import { type CompiledCase, compileCase } from "../support/compiled-case.ts";

/*
 * Until the settings of routes go: that steps come to the same decisions.
 */

const folder = join(import.meta.dirname, "../cases");
const cases = readdirSync(folder)
  .filter((name) => name.endsWith(".case"))
  .map((name) => parseCaseFile(readFileSync(join(folder, name), "utf8"), name));

const HEADERS: readonly Readonly<Record<string, string>>[] = [
  {},
  { origin: "https://shop.test", accept: "application/json", "user-agent": "curl" },
  {
    origin: "http://o.test",
    "x-forwarded-proto": "https",
    "x-forwarded-for": "10.0.0.1, 127.0.0.1",
    "x-forwarded-host": "f.test",
  },
  {
    authorization: "Basic dXNlcjpwdw==",
    cookie: "INGRESSCOOKIE=a|b; canary=always; user=x",
    "x-request-id": "1",
  },
  { "x-canary": "always", canary: "always", "x-team": "a", referer: "http://r.test" },
];
const PORTS = { http: 31000, https: 32000 };

const count = { asked: 0 };

/** What is compared: all but the object of the route, and the order of headers that are set. */
function compared(decision: Decision): unknown {
  const { route, guards, ...rest } = decision;
  const requestHeaders =
    rest.kind === "forward" && rest.requestHeaders !== undefined
      ? [...rest.requestHeaders].sort()
      : undefined;
  return {
    ...rest,
    requestHeaders,
    route: route?.id,
    transport: route?.transport,
    guards: guards?.length === 0 ? undefined : guards,
    choice: rest.kind === "forward" ? rest.choice : undefined,
    backend:
      rest.kind === "forward" ? [rest.backend.namespace, rest.backend.service, rest.backend.port] : undefined,
  };
}

function compare({ table }: CompiledCase, facts: RequestFacts): void {
  count.asked++;
  const before = compared(match(table, facts, "settings"));
  const after = compared(match(table, facts, "steps"));
  expect(after, JSON.stringify({ ...facts, header: undefined })).toEqual(before);
}

const EMPTY: readonly RequestFacts["noEndpoints"][] = [
  () => undefined,
  () => "there is nothing",
  ({ service }) => (service.length % 2 === 0 ? "even" : undefined),
  ({ service }) => (service.length % 2 === 1 ? "odd" : undefined),
  ({ balancing }) => balancing?.removed,
];

function factsOf(request: Partial<RequestFacts>, headers: Readonly<Record<string, string>>): RequestFacts {
  return {
    scheme: "http",
    method: "GET",
    host: "a.test",
    target: "/",
    ports: PORTS,
    exact: false,
    header: (name) => headers[name],
    remoteAddress: "127.0.0.1",
    chance: 0.5,
    noEndpoints: () => undefined,
    ...request,
  };
}

test.each(cases)("$file", async ({ file, manifests, options }) => {
  const compiled = compileCase([{ file, text: manifests }], options);
  let turn = 0;
  for (const [host, names] of virtualHosts(compiled.table)) {
    const paths = new Set(["/", "/other", "/%2e%2e", "/a//b?x=1"]);
    for (const {
      match: { path },
    } of host.entries) {
      if (path.kind === "any") continue;
      const plain = path.path.replace(/[\\^$()?*+|]/g, "");
      for (const one of [
        path.path,
        plain,
        `${plain}x`,
        `${plain}/x/y?q=1`,
        path.path.replace(/\/$/, ""),
        ...samples(path.path),
      ])
        if (one.startsWith("/")) paths.add(one.replace(/[ \n]/g, ""));
    }
    for (const name of names)
      for (const target of paths)
        for (const scheme of ["http", "https"] as const)
          for (const method of ["GET", "OPTIONS", "POST"])
            for (const exact of [false, true]) {
              turn++;
              const headers = HEADERS[turn % HEADERS.length] ?? {};
              const noEndpoints = EMPTY[turn % 7] ?? EMPTY[0];
              const host = name
                .replace("*", "w")
                .replace(/^~.*/, "www1.a.test")
                .replace(/^_$/, "nobody.test");
              const tls =
                scheme === "https" && turn % 3 === 0
                  ? {
                      verify: "SUCCESS",
                      unknownIssuer: false,
                      certificate: { subject: "CN=a", issuer: "CN=b", pem: "x y" },
                    }
                  : undefined;
              const chance = (turn % 10) / 10;
              const inner = turn % 11 === 0 ? { path: target.split("?")[0] ?? "/", query: "i=1" } : undefined;
              compare(
                compiled,
                factsOf(
                  {
                    scheme,
                    method,
                    host,
                    target,
                    exact,
                    noEndpoints,
                    chance,
                    tls,
                    inner,
                  } as Partial<RequestFacts>,
                  headers,
                ),
              );
            }
  }
  await compiled.close();
});

describe("requests of the oracle", () => {
  test("20,000", { timeout: 600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        ingresses,
        fc.array(requestSketch, { minLength: 40, maxLength: 40 }),
        async (drawn, sketches) => {
          const compiled = compileCase([{ file: "ingresses.yaml", text: manifestOf(drawn) }], {
            controller: "ingress-nginx",
            ingressClasses: ["nginx"],
            exact: true,
            echo: true,
          });
          for (const [at, sketch] of sketches.entries()) {
            const { scheme, method, host, target, origin } = requestOf(sketch, drawn, samples);
            const noEndpoints = EMPTY[at % 9] ?? EMPTY[0];
            compare(
              compiled,
              factsOf(
                { scheme, method, host, target, exact: at % 2 === 0, noEndpoints } as Partial<RequestFacts>,
                origin === undefined ? {} : { origin },
              ),
            );
          }
          await compiled.close();
        },
      ),
      { numRuns: 500 },
    );
    console.log(`${count.asked} decisions compared`);
  });
});
