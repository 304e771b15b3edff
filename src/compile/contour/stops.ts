import type { Problem } from "../../model/problem.ts";
import type { CustomResource, Ingress } from "../../model/resource.ts";
import type { Route } from "../../model/route.ts";
import type { Step } from "../../step/step.ts";
import { ingressName, problemOf } from "../problem.ts";
import type { RouteDraft } from "./draft.ts";
import type { IngressPolicy } from "./ingresses/policy.ts";

/** A longer body of a direct response is refused. unit: bytes */
const LONGEST_BODY = 4_096;

/**
 * What Contour calls valid and Envoy refuses. Envoy then keeps its last routes for all hosts, and only its log says so.
 * A resource as backend ends Contour itself.
 */
export function stopsOfIngress(
  ingress: Ingress,
  { negative }: IngressPolicy,
  drafts: readonly RouteDraft[],
): readonly Problem[] {
  const { defaultBackend, rules } = ingress.spec;
  const paths = rules.flatMap((rule) => rule.paths ?? []);
  const resources = [
    ...(defaultBackend?.kind === "resource" ? ["spec.defaultBackend"] : []),
    ...paths.flatMap(({ backend, field }) => (backend.kind === "resource" ? [`${field}.backend`] : [])),
  ].map((field) =>
    stop(ingress, field, "a backend that is no Service makes Contour panic, again after each restart", PANIC),
  );
  if (drafts.length === 0) return resources;
  const durations = negative.map((annotation) =>
    stop(ingress, `metadata.annotations[${annotation}]`, `${annotation} is negative`, REFUSED),
  );
  const prefixes = paths
    .filter(({ path, pathType }) => pathType === "Prefix" && /[?#]/.test(path))
    .map(({ path, field }) => stop(ingress, `${field}.path`, `the Prefix ${path} has a ? or #`, REFUSED));
  return [...resources, ...durations, ...prefixes];
}

export function stopsOfProxy(
  proxy: CustomResource,
  field: string,
  { steps, action }: Route,
): readonly Problem[] {
  const shares = action.kind === "forward" ? action.shares : [];
  const all = [...steps, ...shares.flatMap((share) => share.steps ?? [])];
  const problems: Problem[] = [];
  if (all.some(removesHost)) problems.push(stop(proxy, field, "it removes the header Host", REFUSED));
  if (action.kind === "respond" && Buffer.byteLength(action.text ?? "") > LONGEST_BODY)
    problems.push(stop(proxy, field, `its direct response is longer than ${LONGEST_BODY} bytes`, REFUSED));
  return problems;
}

function removesHost(step: Step): boolean {
  if (step.kind !== "envoy-headers") return false;
  const changes = [...(step.request ?? []), ...(step.response ?? [])];
  return changes.some(({ name, value }) => value === undefined && name === "host");
}

const REFUSED = "Envoy rejects the routes (gRPC config for RouteConfiguration rejected)";
const PANIC = "panic: runtime error: invalid memory address or nil pointer dereference";

function stop(object: Ingress | CustomResource, field: string, why: string, stops: string): Problem {
  return problemOf(object, {
    ...{ code: "controller-stops", level: "error", field, stops },
    message: `${object.kind} ${ingressName(object)}: ${why}. No later change of any Ingress or HTTPProxy takes effect until it is gone: ${stops}.`,
    fix: "Correct it or remove it, before anything else is changed.",
  });
}
