import { closest } from "../../closest.ts";
import type { Code } from "../../errors.ts";
import type { Problem } from "../../model/problem.ts";
import type { Service, Workload } from "../../model/resource.ts";
import { wantedPort } from "../../service/backing.ts";
import { nearestName } from "../../service/near.ts";
import { portList } from "../../service/port.ts";
import { capital, firstNames, type ServiceUse } from "./uses.ts";

const MOST_NAMED = 3;

function problemOf(
  { metadata, origin }: Service,
  found: Pick<Problem, "message" | "fix"> & {
    readonly code: Code;
    readonly field: string;
    readonly level?: Problem["level"];
  },
): Problem {
  const { namespace, name } = metadata;
  const object = { kind: "Service", namespace, name };
  return {
    ...{ level: "warning", ...found, object, file: origin.file },
    get line() {
      return origin.lineOf(found.field) || undefined;
    },
  };
}

function nameOf({ metadata }: Service): string {
  return `Service ${metadata.namespace}/${metadata.name}`;
}

/** `Ingress default/a, Ingress default/b`, and the number of further ones. */
function namesOf(uses: readonly ServiceUse[]): string {
  return firstNames([...new Set(uses.map(({ by }) => by))], MOST_NAMED);
}

/**
 * The Service lacks the requested port, so the controller finds no endpoints (controller.go,
 * serviceEndpoints).
 */
export function contradiction(service: Service, uses: readonly ServiceUse[]): Problem {
  const [use] = uses;
  const wanted = use === undefined ? "the port" : wantedPort(use.port.backend);
  const { ports } = service;
  const has =
    ports.length === 1
      ? `only port ${portList(service).replace("only ", "")}`
      : `the ports ${portList(service)}`;
  const message = `${nameOf(service)} has ${ports.length === 0 ? "no ports" : has}, not the ${wanted} of ${namesOf(uses)}: ${use?.otherwise}.`;
  return problemOf(service, {
    code: "service-port",
    field: "spec.ports",
    message,
    fix: portFix(service, uses),
  });
}

function portFix({ ports }: Service, [use]: readonly ServiceUse[]): string {
  if (use === undefined) return "";
  const { origin, field, by } = use;
  const { port } = use.port.backend;
  const line = origin.lineOf(field);
  const place = line > 0 ? ` (${origin.file}:${line})` : "";
  const names = ports.map(({ name }) => name).filter((name) => name !== "");
  const meant = "name" in port ? closest(port.name, names) : undefined;
  const [only, ...others] = ports;
  const instead = meant ?? (only !== undefined && others.length === 0 ? String(only.port) : undefined);
  const write = instead === undefined ? "Name one of its ports" : `Write port ${instead}`;
  return `${write} in ${by}${place}, or give the Service the port.`;
}

export function serviceWithoutEndpoints(
  { service, reason }: { readonly service: Service; readonly reason: string },
  uses: readonly ServiceUse[],
  level: Problem["level"] = "warning",
): Problem {
  const field = service.type === "ExternalName" ? "spec.externalName" : "spec";
  const message = `${nameOf(service)} has no endpoints: ${reason} (named by ${namesOf(uses)}). ${capital(uses[0]?.otherwise ?? "")}.`;
  const fix = "Correct what the message names.";
  return problemOf(service, { code: "service-endpoints", level, field, message, fix });
}

const MOST_COMPARED = 100;
/** Shorter labels are too similar to guess. unit: chars */
const SHORTEST_LABEL = 4;

/**
 * The selector matches no workload here but nearly matches one that no Service selects. A selector without
 * matches alone proves nothing: an operator or a DaemonSet may create the pods.
 */
export function withoutPods(
  service: Service,
  free: readonly Workload[],
  uses: readonly ServiceUse[],
): readonly Problem[] {
  const { selector } = service;
  if (selector === undefined) return [];
  const near = free.length > MOST_COMPARED ? undefined : free.find((labels) => isNear(selector, labels));
  if (near === undefined) return [];
  const text = labelsText(selector);
  const meant = labelsText(new Map([...selector.keys()].map((key) => [key, near.podLabels.get(key) ?? ""])));
  const message = `${nameOf(service)}: its selector ${text} selects no Deployment or StatefulSet of the manifests, did you mean ${meant} (${near.kind} ${near.metadata.name})? Where no other pods have its labels, ${uses[0]?.otherwise}.`;
  const fix = `Write ${meant}, or give the pods the labels ${text}.`;
  return [problemOf(service, { code: "service-selector", field: "spec.selector", message, fix })];
}

/** True if a Service selects pods by labels, and none of the workloads here has them. */
export function lacksPods({ selector }: Service, workloads: readonly Workload[]): boolean {
  return selector !== undefined && selector.size > 0 && workloads.length === 0;
}

function isNear(selector: ReadonlyMap<string, string>, { podLabels }: Workload): boolean {
  return [...selector].every(([key, value]) => {
    const podValue = podLabels.get(key);
    if (podValue === undefined || podValue === value) return podValue !== undefined;
    return value.length >= SHORTEST_LABEL && nearestName(value, [podValue]) !== undefined;
  });
}

function labelsText(labels: ReadonlyMap<string, string>): string {
  return [...labels].map(([key, value]) => `${key}=${value}`).join(",");
}
