import {
  ASKED_HEADER,
  judgeReply,
  notAsked,
  unanswered,
  unaskable,
} from "../../../match/outcome/external.ts";
import { refused, type Verdict } from "../../../match/outcome/verdict.ts";
import type { RequestFacts } from "../../../model/decision.ts";
import type { AuthTarget, ExternalAuthGuard } from "../../../model/guard.ts";
import { reason } from "../../../model/reason.ts";
import type { Resolution, Upstream } from "../../../model/upstream.ts";
import { requestLines } from "../../../plane/request-lines.ts";
import { MOST_MEASURED_BYTES } from "../../carry/backend-request.ts";
import { causeOf } from "../../connect/connect.ts";
import { ClientBody } from "../../exchange/client-body.ts";
import { type Exchange, hasBody } from "../../exchange/exchange.ts";
import type { Deciding } from "../deciding.ts";
import { ask, type Reply } from "./subrequest.ts";

/**
 * nginx's auth_request, or the Lua replacing it: the status decides, and some headers go on to the backend.
 * Any status but yes or no, and an unreachable service, give 500.
 */
export async function askService(
  context: Deciding,
  exchange: Exchange,
  facts: RequestFacts,
  guard: ExternalAuthGuard,
): Promise<Verdict> {
  const { cache } = guard;
  const known = cache && context.authCache.get(cache.key);
  if (known !== undefined) return taken(exchange, guard, known);
  const never = unaskable(guard, facts);
  if (never !== undefined) return never;
  const upstream = upstreamOf(context, guard.target);
  if (upstream.kind === "none") return unanswered(guard, [reason("auth-service-failed", upstream.why)]);
  try {
    const body = await bodyFor(context, exchange, guard);
    if (body === "too large") return refused(401, TOO_LARGE, guard.why);
    const question = questionOf(exchange, guard, body);
    const reply = await ask(context.pools, upstream.upstream, question, untilLeft(exchange));
    if (cache !== undefined) context.authCache.put(cache.key, reply, cache.durations);
    return taken(exchange, guard, reply);
  } catch (error) {
    exchange.failed(causeOf(error));
    return notAsked(guard, causeOf(error), upstream.upstream.advice);
  }
}

/** The verdict; the exchange notes the cookies. */
function taken(exchange: Exchange, guard: ExternalAuthGuard, reply: Reply): Verdict {
  const { verdict, cookie } = judgeReply(guard, reply);
  if (cookie !== undefined) exchange.authenticated(cookie);
  return verdict;
}

/** Aborted when the client leaves. */
function untilLeft(exchange: Exchange): AbortSignal {
  const gone = new AbortController();
  exchange.whenOver(() => gone.abort());
  return gone.signal;
}

const TOO_LARGE = reason("body-limit", "the body is larger than the authentication service may get");

/** The client's body, where the service gets it (`forwardBody`); the backend gets it as well. */
function bodyFor(
  context: Deciding,
  exchange: Exchange,
  { forward }: ExternalAuthGuard,
): Promise<Buffer | "too large" | undefined> | undefined {
  if (forward?.body === undefined || !hasBody(exchange)) return undefined;
  const { most } = forward.body;
  const keptBytes = most < 0 ? MOST_MEASURED_BYTES : most;
  const { bodyIdleMs } = context.limits;
  const limits = { bytes: 0, keptBytes, idleMs: bodyIdleMs, sendMs: bodyIdleMs };
  const body = exchange.bodyFor(
    () =>
      new ClientBody(exchange.request.message, limits, () => {
        if (exchange.headers.expect.toLowerCase() === "100-continue") exchange.response.writeContinue();
      }),
  );
  return new Promise((resolve, reject) => {
    body.gather((error, chunks) => {
      if (error !== undefined) reject(error);
      else resolve(chunks === undefined ? "too large" : Buffer.concat(chunks));
    });
  });
}

function questionOf(exchange: Exchange, guard: ExternalAuthGuard, body: Buffer | undefined) {
  const { method, path, headers, target, forward, settings } = guard;
  const isKept = forward !== undefined || settings.asker === "ext_authz";
  const { kept, claimed } = exchange.headers;
  const set = headers.flat();
  set.push("X-Request-ID", exchange.id, "Connection", "close");
  if (target.kind === "here") set.push(ASKED_HEADER, "1");
  const escaped = path.replace(/[^\x21-\xff]/g, encodeURIComponent);
  // The client's other headers pass unchanged.
  const listed = forward?.requestHeaders ?? [];
  const clients = [...claimed, ...kept];
  const passed =
    listed.length === 0
      ? clients
      : clients.filter((_, at) => listed.includes((clients[at - (at % 2)] ?? "").toLowerCase()));
  const length = body === undefined ? "" : String(body.length);
  const own = body === undefined ? set : withoutEmptyLength(set);
  const lines = requestLines(own, length, passed);
  const reply = isKept ? ("kept" as const) : undefined;
  return { method, path: escaped, lines, reply, body: body ?? null, length };
}

/** An empty `Content-Length` says that there is no body. */
function withoutEmptyLength(set: readonly string[]): readonly string[] {
  return set.filter((_, at) => set[at - (at % 2)] !== "Content-Length");
}

function upstreamOf(context: Deciding, target: AuthTarget): Resolution {
  switch (target.kind) {
    case "none":
      return target;
    case "service":
      return context.resolve(target.backend, target.scheme === "https" ? "HTTPS" : "HTTP");
    case "here":
      return addressed(target.host, "127.0.0.1", context.ports()[target.scheme], target.scheme, target.host);
    case "address":
      return addressed(`${target.host}:${target.port}`, target.host, target.port, target.scheme, target.host);
  }
}

/** Certificates are not verified, and SNI is sent (`proxy_ssl_server_name on`). */
function addressed(
  name: string,
  host: string,
  port: number,
  protocol: "http" | "https",
  serverName: string,
): Resolution {
  const tls = {
    key: `auth ${serverName}`,
    verify: false,
    verifyDepth: 1,
    protocols: [],
    name: serverName,
    sendName: true,
  };
  const upstream: Upstream = {
    name,
    protocol,
    connection: { kind: "tcp", host, port },
    basePath: "",
    ...(protocol === "https" ? { tls } : {}),
  };
  return { kind: "upstream", upstream };
}
