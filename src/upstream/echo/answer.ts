import type { EchoPod } from "../echo.ts";
import type { ShownBody } from "./body.ts";
import { jsonText, jsonTexts } from "./json.ts";

const MOST_DELAY_MS = 60_000;
/** Statuses without content (RFC 9110 sections 15.3.5, 15.3.6 and 15.4.5). */
export const WITHOUT_CONTENT: ReadonlySet<number> = new Set([204, 205, 304]);

/** What any protocol answers, in its own framing. */
export interface EchoAnswer {
  readonly options: AnswerOptions;
  /** `Content-Type` of the request. */
  readonly type: string;
  /** The received request. */
  readonly json: string;
}

/** The answer to a complete request: the contract's fields, in the contract's order. */
export function echoAnswer(
  pod: EchoPod,
  { method, target, proto, headers: raw }: Received,
  body: ShownBody,
): EchoAnswer {
  const at = target.indexOf("?");
  const path = at < 0 ? target : target.slice(0, at);
  const query = at < 0 ? "" : target.slice(at + 1);
  const headers = everyHeader(raw);
  const host = headers.get("host") ?? headers.get(":authority") ?? "";
  const scheme = headers.get("x-forwarded-proto")?.split(", ")[0] ?? "http";
  const port = typeof pod.port === "number" ? pod.port : jsonText(pod.port);
  const json =
    `{"namespace":${jsonText(pod.namespace)},"service":${jsonText(pod.service)},"pod":${jsonText(pod.pod)}` +
    `,"port":${port},"method":${jsonText(method)},"path":${jsonText(path)},"query":${jsonText(query)}` +
    `,"host":${jsonText(host)},"proto":${jsonText(proto)},"scheme":${jsonText(scheme)}` +
    `,"headers":${jsonTexts(headers)},"body":${jsonText(body.text)},"bodyBytes":${body.bytes}}`;
  return { options: answerOptionsOf(query), type: headers.get("content-type") ?? "", json };
}

export interface AnswerOptions {
  readonly status: number;
  readonly delayMs: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

const USUAL: AnswerOptions = { status: 200, delayMs: 0, headers: [] };
/** A header of the query: a token, and printable ASCII. */
const HEADER = /^([\w!#$%&'*+.^`|~-]+): ?([\x21-\x7e][\x20-\x7e]*)$/;
/** Headers that frame the answer or name its author stay ours. */
const OWN_HEADERS =
  /^(?:connection|content-length|content-type|transfer-encoding|trailer|upgrade|x-ingress-dev-.*)$/i;

/**
 * The answer that the query asks for: `ingress-dev-status` (200 to 599; default: 200), `ingress-dev-delay` (ms, at most
 * 60 s) and `ingress-dev-header` (`NAME:VALUE`, repeatable). Other parameters are for the application that the echo
 * service stands in for.
 */
export function answerOptionsOf(query: string): AnswerOptions {
  if (!query.includes("ingress-dev-")) return USUAL;
  const parameters = new URLSearchParams(query);
  const status = parameters.get("ingress-dev-status") ?? "";
  const delay = parameters.get("ingress-dev-delay") ?? "";
  return {
    status: /^[2-5]\d\d$/.test(status) ? Number(status) : 200,
    delayMs: /^\d+$/.test(delay) ? Math.min(Number(delay), MOST_DELAY_MS) : 0,
    headers: parameters.getAll("ingress-dev-header").flatMap((header) => {
      const [, name = "", value = ""] = HEADER.exec(header) ?? [];
      return name === "" || OWN_HEADERS.test(name) ? [] : [[name, value] as const];
    }),
  };
}

export interface Received {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly proto: string;
  /** Names and values alternating. */
  readonly headers: readonly string[];
}

/**
 * Lower-case names. Repeated headers are joined as RFC 9110 section 5.3 has it (cookies by `; `, RFC 6265 section 5.4):
 * Node's own `headers` drops the second of some. One character per byte.
 */
function everyHeader(raw: readonly string[]): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = (raw[at] ?? "").toLowerCase();
    const value = raw[at + 1] ?? "";
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before}${name === "cookie" ? "; " : ", "}${value}`);
  }
  return headers;
}
