import type { HeaderLine } from "../../../model/decision.ts";
import type { ExternalAuthGuard } from "../../../model/guard.ts";
import { reason } from "../../../model/reason.ts";
import type { Upstream } from "../../../model/upstream.ts";
import { requestLines } from "../../../plane/request-lines.ts";
import { headerOf } from "../../../request/header-of.ts";
import { causeOf } from "../../connect/connect.ts";
import type { ProxyContext } from "../../exchange/context.ts";
import type { Exchange } from "../../exchange/exchange.ts";
import { ask, type Reply } from "./subrequest.ts";
import { refused, type Verdict } from "./verdict.ts";

/** Put on a question that goes to this proxy: a location that asks itself would do so for ever. */
const ASKED = "X-Ingress-Dev-Asked";

/**
 * nginx's auth_request, or the Lua that stands in for it: the answer's status decides, and some of its headers go on to the
 * backend. What is neither yes nor no is answered with 500, as is a service that cannot be asked.
 */
export async function askService(
  context: ProxyContext,
  exchange: Exchange,
  guard: ExternalAuthGuard,
): Promise<Verdict> {
  const { cache } = guard;
  const known = cache && context.authCache.get(cache.key);
  if (known !== undefined) return verdictOn(exchange, guard, known);
  const upstream = upstreamOf(context, guard);
  if (typeof upstream === "string") return refused(500, reason("auth-service-failed", upstream), guard.why);
  const nested = headerOf(exchange.request.rawHeaders, ASKED.toLowerCase()) !== undefined;
  if (nested && guard.target.kind === "here") return refused(500, BEHIND_ITSELF, guard.why);
  try {
    const reply = await ask(context, upstream, questionOf(exchange, guard), untilLeft(exchange));
    if (cache !== undefined) context.authCache.put(cache.key, reply, cache.durations);
    return verdictOn(exchange, guard, reply);
  } catch (error) {
    const why = `the authentication service could not be asked: ${causeOf(error)}`;
    exchange.error = causeOf(error);
    const advice = upstream.advice === undefined ? [] : [reason("advice", upstream.advice)];
    return refused(500, reason("auth-service-failed", why), ...advice, guard.why);
  }
}

const BEHIND_ITSELF = reason(
  "auth-service-failed",
  "the authentication service stands behind itself: asking it would never end",
);

/** Aborted when the client is gone. */
function untilLeft(exchange: Exchange): AbortSignal {
  const gone = new AbortController();
  const { leave } = exchange;
  exchange.leave = () => {
    leave?.();
    gone.abort();
  };
  return gone.signal;
}

function questionOf(exchange: Exchange, { method, path, headers, target }: ExternalAuthGuard) {
  const { kept, claimed } = exchange.headers;
  const set = headers.flat();
  set.push("X-Request-ID", exchange.id, "Connection", "close");
  if (target.kind === "here") set.push(ASKED, "1");
  const escaped = path.replace(/[^\x21-\xff]/g, encodeURIComponent);
  // What the template does not set passes as the client sent it.
  return { method, path: escaped, lines: requestLines(set, "", [...claimed, ...kept]) };
}

/** Where the service is; why it is nowhere, as a sentence, where it is not. */
function upstreamOf(context: ProxyContext, { target }: ExternalAuthGuard): Upstream | string {
  switch (target.kind) {
    case "none":
      return target.why;
    case "service": {
      const protocol = target.scheme === "https" ? "HTTPS" : "HTTP";
      const resolution = context.resolve(target.backend, protocol);
      return resolution.kind === "none" ? resolution.why : resolution.upstream;
    }
    case "here":
      return addressed(target.host, "127.0.0.1", context.ports[target.scheme], target.scheme, target.host);
    case "address":
      return addressed(`${target.host}:${target.port}`, target.host, target.port, target.scheme, target.host);
  }
}

/** Certificates are not verified, and the name is sent (`proxy_ssl_server_name on`). */
function addressed(
  name: string,
  host: string,
  port: number,
  protocol: "http" | "https",
  serverName: string,
): Upstream {
  const tls = {
    key: `auth ${serverName}`,
    verify: false,
    verifyDepth: 1,
    protocols: [],
    name: serverName,
    sendName: true,
  };
  return {
    name,
    protocol,
    connection: { kind: "tcp", host, port },
    basePath: "",
    ...(protocol === "https" ? { tls } : {}),
  };
}

/** The template counts the variables from 0, the Lua from 1 (nginx.tmpl, ngx_conf_external_auth.lua). */
const LUA_FAILS = reason(
  "auth-service-failed",
  "auth-response-headers beside auth-keepalive makes the controller's Lua fail, and every request that the service lets in with it",
);

function verdictOn(exchange: Exchange, guard: ExternalAuthGuard, { status, headers }: Reply): Verdict {
  const { asker, cookie, responseHeaders } = guard.settings;
  const lua = asker === "lua";
  const headerValue = (name: string) =>
    headers
      .filter(([found]) => found.toLowerCase() === name.toLowerCase())
      .map(([, value]) => value)
      .join(", ");
  const passed = lua ? status === 200 : status >= 200 && status < 300;
  // Several cookies are one value to nginx: $upstream_http_set_cookie.
  const cookies = headerValue("set-cookie");
  if (cookies !== "" && (passed || !lua))
    exchange.authCookie = { value: cookies, when: lua ? "below-400" : cookie };
  if (passed && lua && responseHeaders.length > 0) return refused(500, LUA_FAILS, guard.why);
  if (passed) {
    const requestHeaders = responseHeaders.map((name) => [name, headerValue(name)] as const);
    return { kind: "passed", requestHeaders: requestHeaders.length === 0 ? undefined : requestHeaders };
  }
  const said = `the authentication service answered ${status}`;
  if (status !== 401 && status !== 403)
    return refused(
      500,
      reason("auth-service-failed", `${said}, which is neither a yes nor a no to nginx`),
      guard.why,
    );
  const challenge = status === 401 && !lua ? headerValue("www-authenticate") : "";
  const lines: readonly HeaderLine[] = challenge === "" ? [] : [["WWW-Authenticate", challenge]];
  return {
    kind: "refused",
    answer: { status, why: [reason("auth-service", said), guard.why], headers: lines },
  };
}
