import { expect, onTestFinished, test } from "vitest";
import { match } from "../../src/match/match.ts";
import type { NextUpstream, Transport } from "../../src/model/route/transport.ts";
import { errorPagesOf } from "../../src/step/error-pages.ts";
import { ingressWith } from "../proxy/served.ts";
import { parseOptions } from "../support/case-file.ts";
import { compileCase } from "../support/compiled-case.ts";

/**
 * Which parts of a route's transport apply, by the nginx module that speaks to pods. Annotations become
 * directives of proxy_pass; nginx.tmpl also sets grpc_connect_timeout, grpc_read_timeout and
 * grpc_send_timeout, and nothing of fastcgi_pass.
 */

const EACH_ONCE: NextUpstream = {
  conditions: new Set(["error", "timeout"]),
  tries: "each-once",
  timeoutMs: 0,
};
const PROXY: NextUpstream = { conditions: new Set(["http_503"]), tries: 3, timeoutMs: 0 };

const ANNOTATIONS = {
  "proxy-next-upstream": "http_503",
  "proxy-buffer-size": "8k",
  "proxy-read-timeout": "7",
  "limit-rate": "1",
};
const LIMIT = { bytesPerSecond: 1024, afterBytes: 0 };

test.each<
  readonly [protocol: string, annotations: Record<string, string>, Partial<Transport>, told: string[]]
>([
  [
    "HTTP",
    ANNOTATIONS,
    { nextUpstream: PROXY, buffers: { responseHeadBytes: 8192 }, readTimeoutMs: 7_000, limitRate: LIMIT },
    ["limit-rate"],
  ],
  [
    "HTTP",
    { "limit-rate": "1", "proxy-buffering": "on" },
    { buffers: { responseHeadBytes: 4096, response: "buffered" }, limitRate: LIMIT },
    [],
  ],
  [
    "GRPC",
    ANNOTATIONS,
    { nextUpstream: EACH_ONCE, buffers: { response: "never" }, readTimeoutMs: 7_000, limitRate: undefined },
    ["limit-rate", "proxy-buffer-size", "proxy-next-upstream"],
  ],
  [
    "FCGI",
    ANNOTATIONS,
    {
      nextUpstream: EACH_ONCE,
      buffers: { responseHeadBytes: 4096, response: "buffered" },
      readTimeoutMs: 60_000,
      connectTimeoutMs: 60_000,
      limitRate: LIMIT,
    },
    ["proxy-buffer-size", "proxy-next-upstream", "proxy-read-timeout"],
  ],
  ["GRPCS", {}, { nextUpstream: EACH_ONCE, connectTimeoutMs: 5_000 }, []],
])("%s %j", (protocol, annotations, transport, told) => {
  const { route, problems } = compiled({ "backend-protocol": protocol, ...annotations });
  const shown = Object.fromEntries(
    Object.keys(transport).map((key) => [key, Reflect.get(route.transport, key)]),
  );
  expect(shown).toEqual(transport);
  const surprising = problems.filter(({ code }) => code === "annotation-surprising");
  expect(surprising.map(({ field }) => /io\/([a-z-]+)/.exec(field ?? "")?.[1]).sort()).toEqual(told);
});

test.each([
  ["HTTP", true],
  ["GRPC", false],
  ["FCGI", false],
])("custom-http-errors: statuses of a backend that is spoken to by %s are answered for: %s", (protocol, intercept) => {
  const { route } = compiled({ "backend-protocol": protocol, "custom-http-errors": "503" });
  expect(errorPagesOf(route)).toMatchObject({ codes: [503], intercept });
});

test("what an annotation does not reach is no reason of a route", () => {
  const { route } = compiled({ "backend-protocol": "GRPC", ...ANNOTATIONS });
  expect(route.why.map(({ code }) => code)).not.toContain("proxy-next-upstream");
  const proxied = compiled(ANNOTATIONS);
  expect(proxied.route.why.map(({ code }) => code)).toContain("proxy-next-upstream");
});

function compiled(annotations: Readonly<Record<string, string>>) {
  const all = compileCase([{ file: "a.yaml", text: ingressWith(annotations) }], parseOptions("", "a.yaml"));
  onTestFinished(() => all.close());
  const { route } = match(all.table, {
    scheme: "http",
    method: "GET",
    host: "a.test",
    target: "/",
    ports: { http: 80, https: 443 },
    exact: false,
    header: () => undefined,
    remoteAddress: "127.0.0.1",
    chance: 0,
    noEndpoints: () => undefined,
  });
  if (route === undefined) throw new Error("there is no route");
  return { route, problems: all.problems };
}
