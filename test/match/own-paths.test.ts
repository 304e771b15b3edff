import { expect, test } from "vitest";
import { match } from "../../src/match/match.ts";
import { compileCase } from "../support/compiled-case.ts";

/** The answer for /nginx_status to this address under these options. */
function statusFor(options: string, remoteAddress: string) {
  const text = `apiVersion: v1
kind: ConfigMap
metadata: { name: ingress-nginx-controller, namespace: ingress-nginx }
data: { ${options} }
`;
  const { table } = compileCase([{ file: "a.yaml", text }], {
    controller: "ingress-nginx",
    exact: true,
    echo: true,
  });
  return match(table, {
    scheme: "http",
    method: "GET",
    host: "unknown.test",
    target: "/nginx_status",
    ports: { http: 80, https: 443 },
    exact: true,
    header: () => undefined,
    remoteAddress,
    chance: 0.5,
    noEndpoints: () => undefined,
  });
}

test.each([
  ["", "127.0.0.1", 200],
  ["", "::1", 200],
  ["", "10.0.0.1", 403],
  ["nginx-status-ipv4-whitelist: 10.0.0.0/8", "10.0.0.1", 200],
  ["nginx-status-ipv4-whitelist: 10.0.0.0/8", "127.0.0.1", 403],
  ["nginx-status-ipv4-whitelist: 10.0.0.0/8", "::1", 200],
])("with {%s} a client from %s gets %i", (options, address, status) =>
  expect(statusFor(options, address)).toMatchObject({ kind: "respond", status }));

test("the status is a text that stub_status writes", () =>
  expect(statusFor("", "127.0.0.1")).toMatchObject({
    text: expect.stringMatching(/^Active connections: \d+ \n/),
    responseHeaders: [["Content-Type", "text/plain"]],
  }));
