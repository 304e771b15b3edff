import { printable } from "../../../ui/printable.ts";
import { safeJson } from "../../../ui/safe-json.ts";
import type { AskedGuard } from "../../match/outcome.ts";
import type { Decision, HeaderLine } from "../../model/decision.ts";
import type { Guard } from "../../model/guard.ts";
import { textsOf } from "../../model/reason.ts";
import { type Backend, mainBackend, type Route, type RouteRule } from "../../model/route.ts";
import type { Explained } from "../predict/work-out.ts";

/** A backend's port as written in the manifest. */
export function portOf({ port }: Backend): number | string {
  return "name" in port ? port.name : port.number;
}

/** `default/service1:80`. */
export function backendInWords(backend: Backend): string {
  return `${backend.namespace}/${backend.service}:${portOf(backend)}`;
}

/**
 * In the form of the request lines: `forward default/service1:80 /`, `redirect 308 https://…`, `respond 404`.
 */
export function decisionInWords(decision: Decision): string {
  if (decision.kind === "forward") {
    return `forward ${backendInWords(decision.backend)} ${decision.upstreamPath}`;
  }
  if (decision.kind === "redirect") return `redirect ${decision.status} ${decision.location}`;
  return `respond ${decision.status}`;
}

/** The backend that is asked, perhaps a canary's; without a request to a backend, the route's. */
function backendIn(decision: Decision): Backend | undefined {
  return decision.kind === "forward" ? decision.backend : decision.route && mainBackend(decision.route);
}

/** Name of the canary Ingress that gets the request. */
function canaryIn(decision: Decision): string | undefined {
  if (decision.kind !== "forward" || decision.route.action.kind !== "forward") return undefined;
  return decision.route.action.shares.find(({ backend }) => backend === decision.backend)?.from?.ingress;
}

function ruleInWords({ host, path, pathType, regex }: RouteRule): string {
  const as = regex ? `${pathType}, matched as a regular expression` : pathType;
  return `${host === "" ? "*" : host} ${path} (${as})`;
}

function ingressInWords(route: Route): string | undefined {
  if (route.ingress === undefined) return undefined;
  const { namespace, name, file, line } = route.ingress;
  return `${namespace}/${name}  ${file}${line > 0 ? `:${line}` : ""}`;
}

/** The title in front of the first line. Long lists are not cut. */
function titled(title: string, lines: readonly (string | undefined)[]): readonly string[] {
  return lines
    .filter((line) => line !== undefined)
    .map((line, index) => `  ${(index === 0 ? title : "").padEnd(16)}${printable(line)}`);
}

/** Headers set on the response, including a session cookie. */
function sentBack({ decision, addedHeaders = [] }: Explained): readonly HeaderLine[] {
  const challenge = decision.kind === "forward" ? undefined : decision.headers;
  return [...(decision.responseHeaders ?? []), ...(challenge ?? []), ...addedHeaders];
}

type VerdictKind = AskedGuard["verdict"];

/** Those of several are listed one by one: of these, one that lets a request in is enough. */
function verdictOn(guard: Guard, { asked }: Pick<Explained, "asked">): VerdictKind | undefined {
  const within: readonly Guard[] = guard.kind === "any-of" ? guard.guards : [guard];
  const said = new Set(asked.filter((each) => within.includes(each.guard)).map(({ verdict }) => verdict));
  return (["passed", "later", "refused", "abstained"] as const).find((kind) => said.has(kind));
}

const VERDICTS: Readonly<Record<VerdictKind, string>> = {
  passed: "lets it in",
  abstained: "does not refuse it",
  refused: "refuses it",
  later: "only asking tells",
};

/** A guard behind one that refuses is not asked. */
function guardInWords(guard: Guard, answer: Explained): string {
  const verdict = verdictOn(guard, answer);
  return verdict === undefined ? guard.why.text : `${guard.why.text}  → ${VERDICTS[verdict]}`;
}

/** For people: the decision first, then its reasons. */
export function explainText(answer: Explained, headers: Readonly<Record<string, string>>): readonly string[] {
  const { facts, decision, upstream, rejected, production } = answer;
  const { route } = decision;
  const backend = backendIn(decision);
  const asked = `${facts.method} ${facts.scheme}://${facts.host}${facts.target}`;
  const forwarded = decision.kind === "forward";
  const guards = decision.guards ?? [];
  const askedFirst = guards.map(({ why }) => why.text);
  return [
    `${printable(asked)}  → ${printable(decisionInWords(decision))}`,
    "",
    ...titled("Rule", [route?.rule && ruleInWords(route.rule)]),
    ...titled("Ingress", [route && ingressInWords(route)]),
    ...titled("Canary", [canaryIn(decision)]),
    ...titled("Backend", [backend && backendInWords(backend)]),
    ...titled("Served by", [upstream]),
    ...titled("Asked for", [forwarded ? `${facts.method} ${decision.upstreamPath}` : undefined]),
    ...titled(
      "Headers set",
      forwarded ? Object.entries(headers).map(([name, value]) => `${name}: ${value}`) : [],
    ),
    ...titled(
      "Sent back",
      sentBack(answer).map(([name, value]) => `${name}: ${value}`),
    ),
    ...titled(
      "Asked first",
      guards.map((guard) => guardInWords(guard, answer)),
    ),
    ...titled(
      "Why",
      textsOf(decision.why).filter((sentence) => !askedFirst.includes(sentence)),
    ),
    ...titled(
      "Rejected",
      rejected.map(
        ({ ingress, rule, why }) =>
          `${ingress} ${rule.host === "" ? "*" : rule.host} ${rule.path} (${rule.pathType}): ${why.text}`,
      ),
    ),
    ...titled("In the cluster", [production]),
  ];
}

/**
 * For scripts, on one line: `explain -o json` of the contract. Fields that do not apply are left out. `url`: as written,
 * where there are several.
 */
export function explainJson(
  answer: Explained,
  headers: Readonly<Record<string, string>>,
  url?: string,
): string {
  const { decision, upstream, rejected, production } = answer;
  const { route } = decision;
  const backend = backendIn(decision);
  return safeJson({
    url,
    decision: decision.kind,
    status: decision.kind === "forward" ? undefined : decision.status,
    location: decision.kind === "redirect" ? decision.location : undefined,
    ingress: route?.ingress && `${route.ingress.namespace}/${route.ingress.name}`,
    file: route?.ingress?.file,
    line: route?.ingress?.line || undefined,
    rule: route?.rule,
    backend: backend && { namespace: backend.namespace, service: backend.service, port: portOf(backend) },
    canary: canaryIn(decision),
    upstream,
    upstreamPath: decision.kind === "forward" ? decision.upstreamPath : undefined,
    requestHeaders: decision.kind === "forward" ? headers : undefined,
    responseHeaders: sentBack(answer).length === 0 ? undefined : Object.fromEntries(sentBack(answer)),
    guards: decision.guards?.map((guard) => ({
      kind: guard.kind,
      why: guard.why.text,
      verdict: verdictOn(guard, answer),
    })),
    why: textsOf(decision.why),
    reasons: decision.why.map(({ code, text, at }) => ({
      ...{ code, text, file: at?.file },
      ...{ line: at?.line || undefined, field: at?.field },
    })),
    rejected: rejected.map((route) => ({ ...route, why: route.why.text })),
    production,
  });
}
