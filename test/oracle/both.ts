import { readFileSync } from "node:fs";
import { connect as connectTcp } from "node:net";
import { connect as connectTls, createSecureContext, type SecureContext } from "node:tls";
import { match } from "../../src/match/match.ts";
import { matchTls } from "../../src/match/tls.ts";
import type { Problem } from "../../src/model/problem.ts";
import { startProxy } from "../../src/proxy/proxy.ts";
import { type CompiledCase, compileCase } from "../support/compiled-case.ts";
import type { Running, Workshop } from "./nginx.ts";
import { startNginx } from "./nginx.ts";
import type { OracleRequest } from "./requests.ts";
import { manifestOf, type OracleIngress } from "./resources.ts";
import { nginxConfiguration } from "./template.ts";
import { openWires, type Wire, type WireResponse } from "./wire.ts";

const HTTP_WIRES = 6;
/** Few, because each costs a handshake. */
const HTTPS_WIRES = 2;

/** The compared parts of an answer. */
export interface Seen {
  readonly status: number;
  /** The Service that answered. */
  readonly backend?: string | undefined;
  /** Path and query that the Service received, one char per byte. */
  readonly path?: string | undefined;
  /** The `Host` that the Service received. */
  readonly host?: string | undefined;
  readonly location?: string | undefined;
  /** The received `X-Forwarded-Prefix`. */
  readonly prefix?: string | undefined;
  /** Every `Access-Control-` header, sorted by name. */
  readonly cors?: string | undefined;
}

/** One of the two compared servers. */
export interface Side {
  ask(request: OracleRequest): Promise<Seen>;
  close(): Promise<void>;
}

/** An nginx with the controller's configuration, or nginx's refusal. */
export async function openNginx(
  ingresses: readonly OracleIngress[],
  workshop: Workshop,
): Promise<(Side & { readonly kind: "running" }) | Extract<Running, { kind: "refused" }>> {
  const nginx = await startNginx(nginxConfiguration(ingresses, workshop), workshop);
  if (nginx.kind === "refused") return nginx;
  const wires = {
    http: openWires(() => connectTcp(workshop.http), HTTP_WIRES),
    https: openWires(() => connectTls({ path: workshop.https, rejectUnauthorized: false }), HTTPS_WIRES),
  };
  return {
    kind: "running",
    ask: async (request) => {
      // A Unix socket has no client address, so nginx is told ingress-dev's.
      const bytes = request.bytes.replace("\r\n", "\r\nX-Oracle-Client: 127.0.0.1\r\n");
      return seenBehindNginx(await wires[request.scheme].ask(bytes, request.method));
    },
    close: async () => {
      closeBoth(wires);
      await nginx.stop();
    },
  };
}

function compiledFrom(ingresses: readonly OracleIngress[]): CompiledCase {
  const options = {
    controller: "ingress-nginx",
    ingressClasses: ["nginx"],
    exact: true,
    echo: true,
  } as const;
  return compileCase([{ file: "ingresses.yaml", text: manifestOf(ingresses) }], options);
}

export async function problemsOf(ingresses: readonly OracleIngress[]): Promise<readonly Problem[]> {
  const compiled = compiledFrom(ingresses);
  await compiled.close();
  return compiled.problems;
}

/** A real ingress-dev proxy for the same Ingresses, with `--exact`. */
export async function openIngressDev(ingresses: readonly OracleIngress[], workshop: Workshop): Promise<Side> {
  const compiled = compiledFrom(ingresses);
  const secure = secureContext(workshop);
  const proxy = await startProxy({
    bind: "127.0.0.1",
    httpPort: 0,
    httpsPort: 0,
    exact: "exact",
    decide: (facts) => match(compiled.table, facts),
    resolve: compiled.resolver.resolve,
    noEndpoints: compiled.resolver.noEndpoints,
    secureContext: () => secure,
    decideTls: (servername) => matchTls(compiled.table, servername),
    onHit: () => undefined,
    onUpstream: () => undefined,
  });
  const at = (port: number) => ({ host: "127.0.0.1", port });
  const wires = {
    http: openWires(() => connectTcp(at(proxy.ports.http)), HTTP_WIRES),
    https: openWires(() => connectTls({ ...at(proxy.ports.https), rejectUnauthorized: false }), HTTPS_WIRES),
  };
  return {
    ask: async (request) =>
      seenBehindIngressDev(await wires[request.scheme].ask(request.bytes, request.method)),
    close: async () => {
      closeBoth(wires);
      await proxy.close(0);
      await compiled.close();
    },
  };
}

function closeBoth({ http, https }: { readonly http: Wire; readonly https: Wire }): void {
  http.close();
  https.close();
}

function secureContext({ certificate, key }: Workshop): SecureContext {
  return createSecureContext({ cert: readFileSync(certificate), key: readFileSync(key) });
}

/** A connection that ends without an answer. */
const NO_ANSWER: Seen = { status: 0 };

function seenBehindNginx(response: WireResponse | undefined): Seen {
  if (response === undefined) return NO_ANSWER;
  const { status, headers } = response;
  const received = Buffer.from(headers.get("x-oracle") ?? "", "base64").toString("latin1");
  const cors = corsOf(headers);
  if (received === "" || status === 404) return { status, location: headers.get("location"), cors };
  const [, path] = /^\S+ (.*) HTTP\/1\.1\r\n/.exec(received) ?? [];
  const [, prefix] = /\r\nX-Forwarded-Prefix: (.*)\r\n/.exec(received) ?? [];
  const [, host] = /\r\nHost: (.*)\r\n/.exec(received) ?? [];
  const [, backend] = /\r\nX-Oracle-Backend: (.*)\r\n/.exec(received) ?? [];
  // The echo service cannot tell an empty query from none.
  return { status, backend, path: path?.replace(/^([^?]*)\?$/, "$1"), host, prefix: prefix?.trim(), cors };
}

function corsOf(headers: WireResponse["headers"]): string | undefined {
  const found = [...headers].filter(([name]) => name.startsWith("access-control-")).sort();
  return found.length === 0 ? undefined : found.map((header) => header.join(": ")).join("; ");
}

/** The compared parts of an echo answer. */
interface Echo {
  readonly service: string;
  readonly path: string;
  readonly query: string;
  readonly host: string;
  readonly headers: Readonly<Record<string, string>>;
}

function seenBehindIngressDev(response: WireResponse | undefined): Seen {
  if (response === undefined) return NO_ANSWER;
  const { status, headers, body } = response;
  const cors = corsOf(headers);
  if (headers.get("x-ingress-dev-upstream") !== "echo")
    return { status, location: headers.get("location"), cors };
  if (body === "") return { status, cors };
  const echo: Echo = JSON.parse(Buffer.from(body, "latin1").toString("utf8"));
  const query = echo.query === "" ? "" : `?${echo.query}`;
  return {
    status,
    backend: echo.service,
    path: echo.path + query,
    host: echo.host,
    prefix: echo.headers["x-forwarded-prefix"],
    cors,
  };
}

/** True if two answers agree as far as visible: a HEAD hides what the echo service received. */
export function agree({ method }: OracleRequest, nginx: Seen, ours: Seen): boolean {
  const compared = method === "HEAD" ? (["status", "location", "cors"] as const) : COMPARED;
  return compared.every((key) => nginx[key] === ours[key]);
}

const COMPARED = ["status", "backend", "path", "host", "location", "prefix", "cors"] as const;
