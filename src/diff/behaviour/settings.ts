import type { Outcome } from "../../match/outcome.ts";
import type { Choice, ForwardDecision, RequestFacts } from "../../model/decision.ts";
import type { CookieChange, Mirror, Replacement } from "../../model/route/rewrites.ts";
import type { ServerCookie } from "../../model/route/server-cookie.ts";
import type { NextUpstream, Transport } from "../../model/route/transport.ts";
import type { Backend } from "../../model/route.ts";
import { oncePer } from "../../once-per.ts";
import { isReplaced, pageFor } from "../../step/error-pages.ts";
import type { Step } from "../../step/step.ts";

type NameOf = (backend: Backend) => string;
type Setting = readonly [name: string, value: string];

export interface SettingsInWords {
  /** All of them: equal texts mean equal settings. */
  readonly text: string;
  /** `read timeout` → `60 s` */
  readonly values: ReadonlyMap<string, string>;
}

/**
 * Noticed only at large bodies, slow or failing backends, or by cookies. Only a forwarded request has them.
 * `of`: "decided" leaves the transport out
 */
export function settingsInWords(
  { decision, facts }: Pick<Outcome, "decision" | "facts">,
  nameOf: NameOf,
  of: "compared" | "decided",
): SettingsInWords | undefined {
  if (decision.kind !== "forward") return undefined;
  const known = of === "compared" ? ofTransport(decision.route.transport) : NONE;
  const own = hasOwn(decision) ? ofDecision(decision, nameOf) : [];
  const pages = pagesOf(decision, facts, nameOf);
  return own.length + pages.length === 0 ? known : inWords([...known.values, ...own, ...pages]);
}

const NONE: SettingsInWords = { text: "[]", values: new Map() };

function hasOwn({
  choice,
  mirrors,
  responseRewrites,
  method,
  errorPage,
  backendServer,
}: ForwardDecision): boolean {
  return [choice, mirrors, responseRewrites, method, errorPage, backendServer].some(
    (own) => own !== undefined,
  );
}

/** What answers in place of a backend's statuses. */
function pagesOf(
  { route, errorPage }: ForwardDecision,
  facts: RequestFacts,
  nameOf: NameOf,
): readonly Setting[] {
  if (errorPage !== undefined) return [];
  return statusesOf(route.steps).flatMap((status): readonly Setting[] => {
    const page = isReplaced(route, status) ? pageFor(route, facts, status, "backend", []) : undefined;
    if (page === undefined) return [];
    const to =
      page.kind === "forward"
        ? `${nameOf(page.backend)} ${withoutQuery(page.upstreamPath, facts)}`
        : `${page.status}`;
    return [[`page for ${status} of the backend`, to]];
  });
}

/** One value for all requests of a rule. */
function withoutQuery(path: string, { target }: RequestFacts): string {
  const at = target.indexOf("?");
  const query = at < 0 ? "" : target.slice(at);
  return query !== "" && path.endsWith(query)
    ? `${path.slice(0, -query.length)} with the request's query`
    : path;
}

/** By list: most routes share one. Of a range its ends stand for all. */
const statusesOf = oncePer((steps: readonly Step[]): readonly number[] => {
  const statuses = steps.flatMap((step) => {
    if (step.kind === "error-pages") return step.codes;
    return step.kind === "errors" ? step.statuses.flatMap(({ from, to }) => [from, to]) : [];
  });
  return [...new Set(statuses)].sort((a, b) => a - b);
});

function inWords(settings: readonly Setting[]): SettingsInWords {
  return { text: JSON.stringify(settings), values: new Map(settings) };
}

function seconds(ms: number): string {
  return `${ms / 1000} s`;
}

const ofTransport = oncePer((transport: Transport): SettingsInWords => {
  const { protocol, tls, bodyLimit, nextUpstream, buffers, limitRate, relativeRedirects } = transport;
  const { responseHeadBytes, request, response } = buffers ?? {};
  return inWords([
    ["protocol", protocol],
    ["body limit", bodyLimit === 0 ? "none" : `${bodyLimit} bytes`],
    ["connect timeout", seconds(transport.connectTimeoutMs)],
    ["read timeout", seconds(transport.readTimeoutMs)],
    ["send timeout", seconds(transport.sendTimeoutMs)],
    ...said("TLS to the backend", tls && `${tls.verify ? "verified" : "not verified"} ${tls.name}`),
    ...said("next upstream", nextUpstream && triesInWords(nextUpstream)),
    ...said("buffer for response heads", responseHeadBytes && `${responseHeadBytes} bytes`),
    ...said("request buffering", request),
    ...said("response buffering", response),
    ...said("rate", limitRate && `${limitRate.bytesPerSecond} bytes/s after ${limitRate.afterBytes} bytes`),
    ...said("relative redirects", relativeRedirects && "on"),
  ]);
});

function said(name: string, value: string | 0 | undefined): readonly Setting[] {
  return value === undefined || value === 0 ? [] : [[name, value]];
}

function triesInWords({ conditions, tries, timeoutMs }: NextUpstream): string {
  return `${[...conditions].join(" ") || "off"}, tries ${tries}, ${seconds(timeoutMs)}`;
}

function ofDecision(decision: ForwardDecision, nameOf: NameOf): readonly Setting[] {
  const { choice, mirrors, responseRewrites, method, errorPage, backendServer } = decision;
  const { redirect, cookieDomain, cookiePath, cookies, beside } = responseRewrites ?? {};
  return [
    ...said("choice of the pod", choice && choiceInWords(choice)),
    ...said("mirrors", mirrors?.map((each) => mirrorInWords(each, nameOf)).join("; ")),
    ...said("response headers beside", beside?.map((line) => line.join(": ")).join("; ")),
    ...said("redirects of the backend", redirect && replacementInWords(redirect)),
    ...said("cookie domains", cookieDomain && replacementInWords(cookieDomain)),
    ...said("cookie paths", cookiePath && replacementInWords(cookiePath)),
    ...said("cookies", cookies?.map(cookieInWords).join("; ")),
    ...said("method", method),
    ...said("error page", errorPage && String(errorPage)),
    ...said("Server of the backend", backendServer),
  ];
}

function choiceInWords(choice: Choice): string {
  if (choice.kind === "hash") return `by hash of ${choice.key}, subset ${choice.subsetSize ?? "none"}`;
  if (choice.kind === "server-cookie") {
    const cookies = (choice.ofShare ?? []).map(({ cookie }) => cookie);
    if (choice.cookie !== undefined) cookies.push(choice.cookie);
    return `by the cookie ${cookies.map(serverCookieInWords).join(", then ")}`;
  }
  if (choice.kind === "endpoint-session") {
    const { kind, name, path, maxAge = 0 } = choice.session;
    return `by the address in the ${kind} ${name} of ${path}, ${maxAge} s`;
  }
  const { mode, changeOnFailure, cookie } = choice;
  const lasting = changeOnFailure ? "changes on failure" : "stays on failure";
  return `by session, ${mode}, ${lasting}, cookie ${cookie?.name ?? "none"}${cookie?.attributes ?? ""}`;
}

function serverCookieInWords({ name, path, domain, expires, maxAge, ...rest }: ServerCookie): string {
  const { httpOnly, secure, sameSite } = rest;
  const flags = [httpOnly ? "HttpOnly" : "", secure ? "Secure" : "", sameSite ?? ""].filter(Boolean);
  return [name, path, domain ?? "", `${expires ?? 0}/${maxAge} s`, ...flags].join(" ");
}

function mirrorInWords({ scheme, to, path, host, body }: Mirror, nameOf: NameOf): string {
  const target = "service" in to ? nameOf(to) : `${to.host}:${to.port}`;
  return `${scheme} ${target} ${path}, Host ${host}, body ${body}`;
}

function cookieInWords({ name, attributes }: CookieChange): string {
  return `${name} ${[...attributes].map(([attribute, text]) => text ?? `no ${attribute}`).join(" ")}`;
}

function replacementInWords({ from, to }: Replacement): string {
  const made = to.map((part) => (typeof part === "string" ? part : `$${Object.values(part).join("")}`));
  return `${typeof from === "string" ? from : `~${from.source}`} → ${made.join("")}`;
}
