import type { SecureContext } from "node:tls";
import { match } from "../../src/match/match.ts";
import { matchTls } from "../../src/match/tls.ts";
import type { Decision, Ports } from "../../src/model/decision.ts";
import type { Plane } from "../../src/model/plane.ts";
import type { Service } from "../../src/model/resource.ts";
import type { TlsTerms } from "../../src/model/tls/server-tls.ts";
import { startProxy } from "../../src/proxy/proxy.ts";
import type { CompiledCase } from "./compiled-case.ts";
import { askHttp2 } from "./http2-client.ts";
import { askRaw, type RawResponse } from "./raw-client.ts";
import type { ExpectedHeader, RequestLine } from "./request-line.ts";

/** A real proxy on free ports that serves one compiled case. */
export interface ServedCase {
  /** The outcome in the words of a request line, with ports 31000 and 32000. */
  ask(request: RequestLine, protocol: "HTTP/1.1" | "HTTP/2"): Promise<string>;
  close(): Promise<void>;
}

export async function serveCase(
  { table, services, resolver, options }: CompiledCase,
  secureContext: (
    servername: string | undefined,
    terms: TlsTerms | undefined,
  ) => SecureContext | Promise<SecureContext>,
): Promise<ServedCase> {
  let trouble: string | undefined;
  let carried: Decision | undefined;
  const proxy = await startProxy({
    bind: "127.0.0.1",
    httpPort: 0,
    httpsPort: 0,
    exact: options.exact ? "exact" : "local",
    decide: (facts) => match(table, facts),
    resolve: resolver.resolve,
    noEndpoints: resolver.noEndpoints,
    secureContext,
    plane: () => table.plane,
    client: () => table.options.client,
    decideTls: (servername) => matchTls(table, servername),
    onHit: ({ error }, _, decision) => {
      trouble = error ?? trouble;
      carried = decision;
    },
    onUpstream: () => undefined,
  });
  return {
    ask: async (request, protocol) => {
      const asked = (protocol === "HTTP/2" ? askHttp2 : askRaw)(request, proxy.ports);
      const response = await asked.catch((error: unknown) => {
        throw new Error(`${String(error)} (the proxy's last trouble: ${trouble ?? "none"})`, {
          cause: error,
        });
      });
      const echoed = response.headers.get("x-ingress-dev-upstream") === "echo";
      const written = (text: string) =>
        text.replace(/:(\d+)(?=[/%]|$)/g, (port) => writtenPort(port, proxy.ports));
      const outcome = echoed
        ? forwarded(response, request, services)
        : written(answered(response, request, pageOf(table.plane, response, carried)));
      const wrong = request.headersExpected.flatMap((header) => wrongHeader(header, response, written));
      return [outcome, ...wrong].join(", but ");
    },
    close: () => proxy.close(0),
  };
}

/** The differences of one header. */
function wrongHeader(
  { of, name, value }: ExpectedHeader,
  response: RawResponse,
  written: (text: string) => string,
): readonly string[] {
  const received = of === "response" ? response.headers.get(name) : echoedHeaders(response)[name];
  const found = received === undefined ? undefined : written(received);
  const agrees = value === undefined || found === undefined ? value === found : matches(value, found);
  return agrees ? [] : [`the ${of} has ${name}: ${found ?? "(none)"}`];
}

function matches(pattern: string, text: string): boolean {
  const parts = pattern.split("…").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(text);
}

function echoedHeaders({ body }: RawResponse): Readonly<Record<string, string>> {
  const echo: { readonly headers?: Readonly<Record<string, string>> } = body.startsWith("{")
    ? JSON.parse(Buffer.from(body, "latin1").toString("utf8"))
    : {};
  return echo.headers ?? {};
}

function writtenPort(port: string, { http, https }: Ports): string {
  if (port === `:${http}`) return ":31000";
  return port === `:${https}` ? ":32000" : port;
}

/** The plane's page for a decision. */
function pageOf(plane: Plane, { status, headers }: RawResponse, decision: Decision | undefined): string {
  const { cause, text } = decision?.kind === "respond" ? decision : {};
  return plane.answer({ status, cause, text, server: headers.get("server") }).body;
}

/** The proxy's own answer; its body must be the plane's. */
function answered(response: RawResponse, request: RequestLine, page: string): string {
  const { status } = response;
  // A plain body goes on with why, unless --exact.
  const isPage =
    response.body === page || ["\n- ", "\n\n- "].some((why) => response.body.startsWith(page + why));
  if (request.method !== "HEAD" && !isPage)
    return `answered ${status} with a page that is not the plane's: ${response.body.slice(0, 200)}`;
  const location = response.headers.get("location");
  return location === undefined ? `respond ${response.status}` : `redirect ${response.status} ${location}`;
}

/** The request that the echo service received. A HEAD has no body, so its status must do. */
function forwarded(
  { status, body }: RawResponse,
  request: RequestLine,
  services: readonly Service[],
): string {
  if (status !== 200) return `the echo service answered ${status}`;
  if (request.method === "HEAD") return request.expected;
  const echo = JSON.parse(Buffer.from(body, "latin1").toString("utf8"));
  const differing = received(echo, request);
  if (differing !== undefined) return differing;
  const query = echo.query === "" && !request.expected.endsWith("?") ? "" : `?${echo.query}`;
  const port = portAsNamed(echo, request, services);
  return `forward ${echo.namespace}/${echo.service}:${port} ${echo.path}${query}`;
}

/** The echo service knows port numbers; an expected name counts if the Service has that name for it. */
function portAsNamed(
  echo: { readonly namespace: string; readonly service: string; readonly port: number | string },
  { expected }: RequestLine,
  services: readonly Service[],
): number | string {
  const service = services.find(
    ({ metadata }) => metadata.namespace === echo.namespace && metadata.name === echo.service,
  );
  const named = service?.ports.find(({ name, port }) => port === echo.port && expected.includes(`:${name} `));
  return named?.name ?? echo.port;
}

/** Differences between sent and received method and body (capped at 64 KiB). */
function received(
  echo: {
    readonly method: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
    readonly bodyBytes: number;
  },
  request: RequestLine,
): string | undefined {
  if (echo.method !== request.method) return `method ${echo.method} arrived`;
  // The error backend of a 413 (custom-http-errors) does not get the oversized body.
  const size = echo.headers["x-code"] === "413" ? 0 : (request.bodySize ?? 0);
  const body = "x".repeat(Math.min(size, 65_536));
  return echo.body === body && echo.bodyBytes === size
    ? undefined
    : `another body arrived: ${echo.bodyBytes} bytes`;
}
