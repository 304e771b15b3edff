import type { Problem } from "../../../model/problem.ts";
import type { Ingress } from "../../../model/resource.ts";
import { PREFIX } from "../../nginx-annotations/prefix.ts";
import { ingressName, problemOf } from "../../problem.ts";
import type { Ask } from "../../query.ts";
import type { LocationDraft } from "../servers.ts";
import type { SettledIngress } from "../settling.ts";
import { stopInWords } from "../stop-words.ts";
import { IS_SERVER } from "../survey.ts";

const NAME = `${PREFIX}from-to-www-redirect`;

/** The other name of a server, `www.shop.test` for `shop.test` or the reverse. */
export interface WwwName {
  readonly owner: SettledIngress;
  /** `undefined`: nothing is redirected. */
  readonly from: string | undefined;
  readonly problem: Problem | undefined;
}

/**
 * The other name that only redirects to a server with a path of an Ingress with the annotation, unless it is a server
 * itself (controller/nginx.go, buildRedirects).
 */
export function otherName(host: string, locations: readonly LocationDraft[], ask: Ask): WwwName | undefined {
  const asking = locations.find(({ owner, rule }) => rule !== undefined && owner?.settings.fromToWww);
  const owner = asking?.owner;
  if (owner === undefined) return undefined;
  const from = host.startsWith("www.") ? host.slice(4) : `www.${host}`;
  if (host === "" || host.includes("*")) return { owner, from: undefined, problem: noOtherName(owner, host) };
  return ask.for(IS_SERVER, from)
    ? { owner, from: undefined, problem: taken(owner, from) }
    : { owner, from, problem: undefined };
}

function noOtherName({ ingress }: SettledIngress, host: string): Problem {
  const fix = "Give the redirect to Ingresses whose hosts are plain names.";
  if (host === "")
    return surprising(ingress, "a rule without a host has no other name to redirect from", fix);
  const stops = `invalid server name or wildcard "www.${host}"`;
  const what = `"www.${host}" is no name that nginx takes: ${stopInWords(stops)}`;
  return problemOf(ingress, {
    code: "controller-stops",
    level: "error",
    stops,
    ...about(ingress, what),
    fix,
  });
}

function taken({ ingress }: SettledIngress, from: string): Problem {
  const what = `"${from}" is the host of an Ingress, so nothing is redirected from it`;
  return surprising(ingress, what, "Remove the annotation, or the rules for that host.");
}

function surprising(ingress: Ingress, what: string, fix: string): Problem {
  return problemOf(ingress, {
    code: "annotation-surprising",
    level: "warning",
    ...about(ingress, what),
    fix,
  });
}

function about(ingress: Ingress, what: string): { readonly field: string; readonly message: string } {
  const field = `metadata.annotations[${NAME}]`;
  return { field, message: `Ingress ${ingressName(ingress)}: ${NAME}: ${what}` };
}
