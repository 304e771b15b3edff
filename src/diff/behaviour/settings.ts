import type { Choice, Decision, ForwardDecision } from "../../model/decision.ts";
import type { Mirror, Replacement } from "../../model/route/rewrites.ts";
import type { NextUpstream, Transport } from "../../model/route/transport.ts";
import type { Backend } from "../../model/route.ts";
import { oncePer } from "../../once-per.ts";

type NameOf = (backend: Backend) => string;
type Setting = readonly [name: string, value: string];

export interface SettingsInWords {
  /** All of them: equal texts mean equal settings. */
  readonly text: string;
  /** `read timeout` → `60 s` */
  readonly values: ReadonlyMap<string, string>;
}

/** Noticed only at large bodies, slow or failing backends, or by cookies. Only a forwarded request has them. */
export function transportSettings(decision: Decision, nameOf: NameOf): SettingsInWords | undefined {
  if (decision.kind !== "forward") return undefined;
  const known = ofTransport(decision.route.transport);
  if (!hasOwn(decision)) return known;
  return inWords([...known.values, ...ofDecision(decision, nameOf)]);
}

function hasOwn({
  choice,
  mirror,
  responseRewrites,
  method,
  errorPage,
  backendServer,
}: ForwardDecision): boolean {
  return [choice, mirror, responseRewrites, method, errorPage, backendServer].some(
    (own) => own !== undefined,
  );
}

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
  const { choice, mirror, responseRewrites, method, errorPage, backendServer } = decision;
  const { redirect, cookieDomain, cookiePath } = responseRewrites ?? {};
  return [
    ...said("choice of the pod", choice && choiceInWords(choice)),
    ...said("mirror", mirror && mirrorInWords(mirror, nameOf)),
    ...said("redirects of the backend", redirect && replacementInWords(redirect)),
    ...said("cookie domains", cookieDomain && replacementInWords(cookieDomain)),
    ...said("cookie paths", cookiePath && replacementInWords(cookiePath)),
    ...said("method", method),
    ...said("error page", errorPage && String(errorPage)),
    ...said("Server of the backend", backendServer),
  ];
}

function choiceInWords(choice: Choice): string {
  if (choice.kind === "hash") return `by hash of ${choice.key}, subset ${choice.subsetSize ?? "none"}`;
  const { mode, changeOnFailure, cookie } = choice;
  const lasting = changeOnFailure ? "changes on failure" : "stays on failure";
  return `by session, ${mode}, ${lasting}, cookie ${cookie?.name ?? "none"}${cookie?.attributes ?? ""}`;
}

function mirrorInWords({ scheme, to, path, host, body }: Mirror, nameOf: NameOf): string {
  const target = "service" in to ? nameOf(to) : `${to.host}:${to.port}`;
  return `${scheme} ${target} ${path}, Host ${host}, body ${body}`;
}

function replacementInWords({ from, to }: Replacement): string {
  const made = to.map((part) => (typeof part === "string" ? part : `$${Object.values(part).join("")}`));
  return `${typeof from === "string" ? from : `~${from.source}`} → ${made.join("")}`;
}
