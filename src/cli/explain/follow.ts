import { hostNameOf } from "../../request/host.ts";
import { bytesAsText } from "../../request/utf8.ts";
import { isNamed } from "../../select/host.ts";
import { entryPointAt, entryPointOf, selectionFor } from "../../select/table.ts";
import type { Predictor, RequestInWords } from "../predict.ts";
import type { Routing } from "../routing.ts";
import type { Answer, Answerer } from "./answer.ts";
import { decisionInWords } from "./route-in-words.ts";

/** One request of several that follow redirects. */
export interface RedirectHop {
  readonly url: string;
  readonly answer: Answer;
}

export interface Followed {
  readonly hops: readonly [RedirectHop, ...RedirectHop[]];
  readonly end: "answered" | "loop" | "leaves" | "too-many";
  readonly why: string;
}

/** A request whose redirect is not followed. */
export function alone(hop: RedirectHop): Followed {
  return { hops: [hop], end: "answered", why: "" };
}

/** As curl's `--max-redirs` and browsers: 20. */
const MOST_REDIRECTS = 20;

/** Follows the redirects of a request while they lead to hosts that an Ingress names. Sends no cookies. */
export async function follow(
  first: RequestInWords,
  routing: Routing,
  { sample }: Predictor,
  answer: Answerer,
): Promise<Followed> {
  let question = first;
  let hop: RedirectHop = { url: first.url, answer: await answer(sample(question)) };
  const hops: [RedirectHop, ...RedirectHop[]] = [hop];
  const seen = new Map([[keyOf(question, hop.answer), 1]]);
  for (;;) {
    const { decision } = hop.answer;
    if (decision.kind !== "redirect")
      return { hops, end: "answered", why: `${inWords(hops.length - 1)}, then ${decisionInWords(decision)}` };
    if (hops.length > MOST_REDIRECTS)
      return { hops, end: "too-many", why: `stops after ${MOST_REDIRECTS} redirects, as curl does` };
    const next = nextOf(question, hop.answer, routing);
    if (typeof next === "string") return { hops, end: "leaves", why: next };
    question = next;
    hop = { url: next.url, answer: await answer(sample(question)) };
    const key = keyOf(question, hop.answer);
    const before = seen.get(key);
    if (before !== undefined)
      return { hops, end: "loop", why: `request ${hops.length} is redirected to request ${before} again` };
    hops.push(hop);
    seen.set(key, hops.length);
  }
}

function inWords(redirects: number): string {
  if (redirects < 2) return redirects === 0 ? "no redirect" : "1 redirect";
  return `${redirects} redirects`;
}

function keyOf({ method }: RequestInWords, { facts }: Answer): string {
  return `${method} ${facts.scheme}://${facts.host}${facts.target}`;
}

/** The request that a client sends next; a sentence if no Ingress here can answer it. */
function nextOf(
  question: RequestInWords,
  { decision, facts }: Answer,
  { table, settings }: Routing,
): RequestInWords | string {
  if (decision.kind !== "redirect") return "";
  const location = bytesAsText(decision.location);
  const base = `${facts.scheme}://${facts.authority ?? facts.host}${facts.target}`;
  if (!URL.canParse(location, base)) return `the Location is no URL: ${location}`;
  const url = new URL(location, base);
  const scheme = url.protocol.slice(0, -1);
  if (scheme !== "http" && scheme !== "https") return `${location} leaves http: its scheme is ${scheme}`;
  const port = Number(url.port || (scheme === "http" ? 80 : 443));
  const further = entryPointAt(table, scheme, port);
  const listeners = [facts.ports[scheme], entryPointOf(table, scheme).port];
  if (further === undefined && !listeners.includes(port))
    return `${location} leaves the table: port ${port} is none of the controller's`;
  const name = table.plane.readHost(url.host);
  const asked = { scheme, host: url.host, entryPoint: further?.name } as const;
  const isSame = name === hostNameOf(table, facts);
  if (!isSame && !isNamed(selectionFor(table, asked), name))
    return `${location} leaves the table: no Ingress names the host ${url.hostname}`;
  const isGet = becomesGet(decision.status, question.method);
  const headers = question.headers.filter(([header]) => isKept(header.toLowerCase(), isSame));
  const isLocal = !settings.exact && port === facts.ports[scheme];
  const host = isLocal ? url.hostname : url.host;
  const next: RequestInWords = {
    url: `${scheme}://${host}${url.pathname}${url.search}`,
    method: isGet ? "GET" : question.method,
    headers,
    bodySize: isGet ? undefined : question.bodySize,
    client: question.client,
  };
  return next;
}

/** Fetch standard, HTTP-redirect fetch, step 12. */
function becomesGet(status: number, method: string): boolean {
  if (status === 303) return method !== "GET" && method !== "HEAD";
  return (status === 301 || status === 302) && method === "POST";
}

/** A password is for one host. */
function isKept(header: string, isSameHost: boolean): boolean {
  return header !== "host" && (isSameHost || header !== "authorization");
}
