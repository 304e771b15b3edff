import type { RequestFacts } from "../model/decision.ts";
import type { Problem } from "../model/problem.ts";
import { headersSet } from "./explain/headers-set.ts";
import { explainJson, explainText } from "./explain/print-explain.ts";
import { requestFacts } from "./explain/request-facts.ts";
import type { RequestUrl } from "./explain/request-url.ts";
import { readHeader, readRequestUrl } from "./explain/request-url.ts";
import { type Explained, workOut } from "./explain/work-out.ts";
import type { Flags } from "./options/config.ts";
import { bodySize, oneOf, text } from "./options/values.ts";
import type { Settings } from "./options.ts";
import { OPTIONS } from "./options.ts";
import { reportProblems } from "./report.ts";
import { stoppedInWords } from "./routing/in-force.ts";
import { type Routing, readRouting } from "./routing.ts";
import type { ExitCode, Surroundings } from "./surroundings.ts";

const THIS_MACHINE = "127.0.0.1";
/** Random choices go to the larger share: a canary takes the low end. */
const MOST_LIKELY = 0.999_999;

type Header = readonly [name: string, value: string];

interface Question {
  readonly method: string;
  readonly headers: readonly Header[];
  /** unit: bytes */
  readonly bodySize: number | undefined;
  readonly form: "text" | "json";
}

/** UTF-8, one char per byte, as curl in a terminal sends it. */
function inBytes([name, value]: Header): Header {
  return [name, Buffer.from(value, "utf8").toString("latin1")];
}

function readQuestion(flags: Flags): Question {
  const given = Array.isArray(flags.header) ? flags.header : [];
  const headers = given.map((header) => inBytes(readHeader(String(header))));
  return {
    method: flags.request === undefined ? "GET" : text(flags.request, "--request"),
    headers,
    bodySize: flags.bodySize === undefined ? undefined : bodySize(flags.bodySize, "--body-size"),
    form: flags.output === undefined ? "text" : oneOf(["text", "json"])(flags.output, "--output"),
  };
}

/** Replaces a port that the system would pick by the usual one. */
function portsOf({ httpPort, httpsPort }: Settings): RequestFacts["ports"] {
  return {
    http: httpPort === 0 ? OPTIONS.httpPort.fallback : httpPort,
    https: httpsPort === 0 ? OPTIONS.httpsPort.fallback : httpsPort,
  };
}

/**
 * A URL without port means the listener of its scheme, whose port is in the `Host` header; with `--exact` it
 * is not.
 */
function hostHeader({ scheme, host }: RequestUrl, { exact }: Settings, ports: RequestFacts["ports"]): string {
  const isUsual = ports[scheme] === (scheme === "http" ? 80 : 443);
  return exact || isUsual || host === "" || /:\d*$/.test(host) ? host : `${host}:${ports[scheme]}`;
}

/** A `Host` header wins over the URL's host, as with curl. */
function factsOf(
  url: string,
  { method, headers, bodySize }: Question,
  { table, settings, resolver }: Routing,
): RequestFacts {
  const ports = portsOf(settings);
  const asked = readRequestUrl(url, ports.https);
  const isNamed = headers.some(([name]) => name.toLowerCase() === "host");
  const host = isNamed ? "" : hostHeader(asked, settings, ports);
  const { scheme, target } = asked;
  const lines = host === "" ? headers : [["Host", host] as const, ...headers];
  return requestFacts({ scheme, method, target, headers: lines, bodySize }, table.plane, {
    ports,
    exact: settings.exact,
    remoteAddress: settings.clientAddress ?? THIS_MACHINE,
    chance: MOST_LIKELY,
    noEndpoints: resolver.noEndpoints,
  });
}

/** Notices matter only for the Ingress that answers with an error. */
function isWorthTelling({ level, object }: Problem, { decision }: Explained): boolean {
  if (level !== "notice") return true;
  const { kind, route } = decision;
  const { namespace, name } = route?.ingress ?? {};
  return (
    kind === "respond" && object?.kind === "Ingress" && object.namespace === namespace && object.name === name
  );
}

/**
 * `explain URL`: where a request goes, and why. Prints the answer to standard output, problems to standard
 * error. @throws UserError for a malformed URL or option
 */
export async function explainCommand(
  url: string,
  flags: Flags,
  surroundings: Surroundings,
): Promise<ExitCode> {
  const question = readQuestion(flags);
  const { output: _, ...others } = flags;
  const routing = await readRouting(others, surroundings);
  const explained = await workOut(routing.table, routing.resolver, factsOf(url, question, routing));
  const found = { ...explained, production: stoppedInWords(routing.compiled) ?? explained.production };
  const headers = headersSet(routing.table.plane, found.facts, found.decision);
  if (question.form === "json") surroundings.stdout.write(`${explainJson(found, headers)}\n`);
  else {
    await reportProblems(
      routing.problems.filter((problem) => isWorthTelling(problem, found)),
      surroundings,
    );
    surroundings.stdout.write(`${explainText(found, headers).join("\n")}\n`);
  }
  await routing.close();
  return 0;
}
