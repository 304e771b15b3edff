import { expect, test } from "vitest";
import { readClientOptions } from "../../src/compile/ingress-nginx/config-map/client.ts";
import { ConfigData } from "../../src/compile/ingress-nginx/config-map/data.ts";
import { judgeOptions } from "../../src/compile/ingress-nginx/config-map/judge.ts";
import { type ClientOptions, DEFAULT_CLIENT_OPTIONS } from "../../src/model/client-options.ts";

function read(options: Readonly<Record<string, string>>): ClientOptions {
  const data = new ConfigData({
    kind: "ConfigMap",
    metadata: { namespace: "a", name: "b", labels: new Map(), annotations: new Map() },
    origin: { file: "f", document: 1, line: 1, lineOf: () => 1 },
    data: new Map(Object.entries(options)),
  });
  judgeOptions(data);
  return readClientOptions(data);
}

test("a ConfigMap that says nothing is the controller's defaults", () =>
  expect(read({})).toEqual(DEFAULT_CLIENT_OPTIONS));

test.each<[Readonly<Record<string, string>>, Partial<ClientOptions>]>([
  [{ "keep-alive": "10" }, { keepAliveMs: 10_000 }],
  [{ "keep-alive": "0" }, { keepAliveMs: 0 }],
  [{ "keep-alive": "10s" }, { keepAliveMs: 75_000 }],
  [{ "keep-alive": "-1" }, { keepAliveMs: 75_000 }],
  [{ "http2-max-concurrent-streams": "3" }, { http2Streams: 3 }],
  [{ "keep-alive-requests": "2" }, { keepAliveRequests: 2 }],
  [{ "keep-alive-requests": "" }, { keepAliveRequests: 0 }],
  [{ "client-header-timeout": "5" }, { headMs: 5000 }],
  [{ "client-body-timeout": "7" }, { bodyIdleMs: 7000 }],
  [{ "use-proxy-protocol": "true" }, { proxyProtocol: "expected" }],
  [{ "use-proxy-protocol": " true" }, { proxyProtocol: "none" }],
  [{ "enable-underscores-in-headers": "1" }, { underscores: "passed" }],
  [{ "ignore-invalid-headers": "false" }, { invalidHeaders: "passed" }],
  [{ "ignore-invalid-headers": "no" }, { invalidHeaders: "dropped" }],
  [{ "large-client-header-buffers": "2 16k" }, { headerBuffers: { count: 2, bytes: 16_384 } }],
  [{ "large-client-header-buffers": "16k" }, { headerBuffers: { count: 4, bytes: 8192 } }],
  [{ "generate-request-id": "false" }, { requestId: "as-sent" }],
  [
    { "use-gzip": "true", "gzip-types": "*" },
    { compression: expect.objectContaining({ brotli: undefined }) },
  ],
])("%j", (options, expected) => expect(read(options)).toMatchObject(expected));
