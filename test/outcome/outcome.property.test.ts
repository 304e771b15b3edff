import { afterAll, beforeAll, expect, test } from "vitest";
import { rawRequestFacts } from "../../src/cli/predict/request-facts.ts";
import { type Explained, workOut } from "../../src/cli/predict/work-out.ts";
import type { ClientCounts } from "../../src/match/outcome/limits.ts";
import type { Scheme } from "../../src/model/decision.ts";
import { type ReasonCode, textsOf } from "../../src/model/reason.ts";
import { randomOf } from "../fuzz/random.ts";
import { newAuthority, secretYaml } from "../support/authority.ts";
import { clientCounts } from "../support/client-counts.ts";
import type { CompiledCase } from "../support/compiled-case.ts";
import { fakeCertificates } from "../support/fake-certificates.ts";
import { type Expected, type KeptClient, keptClient, type WireAnswer } from "./connection.ts";
import { type RawRequest, randomRequest } from "./requests.ts";
import { type RequestEnd, type ServingProxy, servingProxy } from "./served.ts";
import { randomTable } from "./tables.ts";

const REQUESTS = Number(process.env.OUTCOME_REQUESTS ?? 10_000);
const USUAL_SEED = 20_261_127;
const SEED = Number(process.env.OUTCOME_SEED ?? USUAL_SEED);
const OF_A_TABLE = 40;
const OF_A_CHUNK = 25;

/** This many requests meet all of these. */
const EXPECTED: readonly ReasonCode[] = [
  "rule",
  "ingress-default-backend",
  "no-rule-for-host",
  "no-rule-for-path",
  "unserved",
  "controller-default-backend",
  "no-endpoints",
  "canary",
  "error-page",
  "no-error-page",
  "ssl-redirect",
  "permanent-redirect",
  "app-root",
  "from-to-www-redirect",
  "slash-redirect",
  "rewrite-target",
  "cors-preflight",
  "annotation-denied",
  "body-limit",
  "address-denied",
  "no-credentials",
  "unknown-user",
  "wrong-password",
  "rate-limit",
  "block-user-agents",
  "block-referers",
  "auth-tls-secret",
  "client-certificate",
  "auth-tls-error-page",
  "misdirected",
  "target-too-long",
  "headers-too-large",
  "bad-framing",
  "bad-header",
  "bad-host",
  "bad-method",
  "bad-path",
  "bad-request-line",
  "bad-target",
  "bad-version",
  "method-not-allowed",
  "no-host-header",
  "repeated-header",
];
const met = new Set<ReasonCode>();

const certificates = fakeCertificates();
const authority = secretYaml("ca", { "ca.crt": newAuthority("clients").cert });
const proxies = new Map<boolean, ServingProxy>();

beforeAll(async () => {
  const { compiled } = randomTable(randomOf(0), 0, authority);
  for (const exact of [true, false])
    proxies.set(exact, await servingProxy(exact, compiled, certificates.secureContext));
});

afterAll(async () => {
  for (const proxy of proxies.values()) await proxy.close();
  certificates.close();
});

/** Comparable parts of both, in the same words. */
interface Compared {
  readonly status: number;
  readonly location: string | undefined;
  readonly backend: string | undefined;
  readonly path: string | undefined;
  readonly why: readonly string[];
}

function foretold({ decision }: Explained): Compared {
  const why = textsOf(decision.why);
  const none = { location: undefined, backend: undefined, path: undefined };
  if (decision.kind === "respond") return { status: decision.status, ...none, why };
  if (decision.kind === "redirect")
    return { status: decision.status, ...none, location: decision.location, why };
  const { namespace, service } = decision.backend;
  return { status: 200, ...none, backend: `${namespace}/${service}`, path: decision.upstreamPath, why };
}

/** From the wire; reasons, and parts that an answer without a body lacks, from the hit. */
function carriedOut({ status, headers, body }: WireAnswer, { hit, decision }: RequestEnd): Compared {
  const location = headers.find(([name]) => name === "Location")?.[1];
  const answered = { status: status ?? hit.status, location: status === undefined ? hit.location : location };
  const why = textsOf(hit.why);
  if (decision?.kind !== "forward") return { ...answered, backend: undefined, path: undefined, why };
  const { backend, upstreamPath = "" } = hit;
  if (body === "")
    return { ...answered, backend: `${backend?.namespace}/${backend?.service}`, path: upstreamPath, why };
  const echo = JSON.parse(Buffer.from(body, "latin1").toString("utf8"));
  const query = echo.query === "" && !upstreamPath.endsWith("?") ? "" : `?${echo.query}`;
  return { ...answered, backend: `${echo.namespace}/${echo.service}`, path: echo.path + query, why };
}

function expectedFor({ head }: RawRequest): Expected {
  if (!/^\S+ .* HTTP\/|^\S+ .* http\//.test(head)) return "HTTP/0.9";
  return head.startsWith("HEAD ") ? "no body" : "body";
}

/** The difference between a request's outcome and its answer, in words. */
async function compare(
  proxy: ServingProxy,
  { table, resolver, options }: CompiledCase,
  request: RawRequest,
  scheme: Scheme,
  client: KeptClient,
  counts: ClientCounts,
): Promise<string | undefined> {
  const answer = await client.ask(request.head + request.body, expectedFor(request));
  const end = await proxy.end();
  const facts = rawRequestFacts(request.head, table.plane, {
    scheme,
    ports: proxy.ports,
    exact: options.exact,
    remoteAddress: "127.0.0.1",
    // From the proxy: its random number and the handshake. Everything else is read from the sent bytes.
    chance: end.facts?.chance ?? 0,
    tls: end.facts?.tls,
    noEndpoints: resolver.noEndpoints,
  });
  const outcome = await workOut(table, resolver, facts, counts);
  for (const { code } of outcome.decision.why.slice(0, 1)) met.add(code);
  const [said, done] = [foretold(outcome), carriedOut(answer, end)].map((all) => JSON.stringify(all));
  return said === done
    ? undefined
    : `${JSON.stringify(request.head)}\nforetold ${said}\nanswered ${done}\nerror ${end.hit.error}`;
}

/** The first difference among the requests of one table. */
async function differenceOf(number: number): Promise<string | undefined> {
  const random = randomOf(SEED + number);
  const { compiled, manifest, ...parts } = randomTable(random, number, authority);
  const proxy = proxies.get(compiled.options.exact);
  if (proxy === undefined) throw new Error("no proxy is running");
  proxy.use(compiled);
  const counts = clientCounts();
  const clients = { http: keptClient("http", proxy.ports), https: keptClient("https", proxy.ports) };
  try {
    for (let sent = 0; sent < OF_A_TABLE; sent++) {
      const scheme = random.percent(75) ? "http" : "https";
      const request = randomRequest(random, parts);
      const difference = await compare(proxy, compiled, request, scheme, clients[scheme], counts);
      if (difference !== undefined)
        return `seed ${SEED + number}, request ${sent}\n${manifest}\n${difference}`;
    }
    return undefined;
  } finally {
    for (const client of Object.values(clients)) client.close();
    await compiled.close();
  }
}

const tables = Math.ceil(REQUESTS / OF_A_TABLE);
const chunks = Array.from({ length: Math.ceil(tables / OF_A_CHUNK) }, (_, index) => index * OF_A_CHUNK);

test.each(chunks)("requests are answered as their outcomes say: tables from %i on", async (first) => {
  for (let number = first; number < Math.min(first + OF_A_CHUNK, tables); number++)
    expect(await differenceOf(number)).toBeUndefined();
});

test.runIf(SEED === USUAL_SEED && REQUESTS >= 10_000)(
  "nearly everything that a request can meet was met",
  () => expect(EXPECTED.filter((code) => !met.has(code))).toEqual([]),
);
