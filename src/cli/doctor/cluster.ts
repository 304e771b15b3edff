import { UserError } from "../../errors.ts";
import type { ApiConnection } from "../../model/cluster.ts";
import { causeOf } from "../../proxy/connect/connect.ts";
import type { RecordedTime } from "./clock.ts";
import { type Finding, finding } from "./finding.ts";

/** `up` waits for a slower API server too. */
const PATIENCE_MS = 10_000;

export interface ClusterFindings {
  readonly findings: readonly Finding[];
  readonly witnesses: readonly RecordedTime[];
  readonly reached?: string | undefined;
}

type Permission = readonly [group: string, resource: string, missing: "error" | "warning", without: string];

/** Objects that `up` reads, most important first. */
const PERMISSIONS: readonly Permission[] = [
  ["networking.k8s.io", "ingresses", "error", "there is nothing to serve"],
  ["", "services", "error", "no backend can be resolved"],
  ["discovery.k8s.io", "endpointslices", "error", "no pod of a Service is known"],
  ["", "pods", "error", "no pod of a Service is known"],
  ["", "pods/portforward", "error", "no pod can be reached"],
  [
    "networking.k8s.io",
    "ingressclasses",
    "warning",
    "only the class that the controller's installations make is known",
  ],
  [
    "",
    "secrets",
    "warning",
    "the Secrets that Ingresses name are read one by one, and changes are seen late",
  ],
  ["", "configmaps", "warning", "the controller's options are taken to be the defaults"],
];

export function clusterFinding(state: Finding["state"], message: string, next?: string): ClusterFindings {
  return { findings: [finding("cluster", state, message, next)], witnesses: [] };
}

/**
 * Asks the API server for its version, its clock, and (by `SelfSubjectAccessReview`) its user's permissions.
 * Namespace `""`: all.
 */
export async function clusterFindings(
  connection: ApiConnection,
  namespaces: readonly string[],
): Promise<ClusterFindings> {
  const { context, server } = connection;
  try {
    const answer = await connection.request("/version", { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.status !== 200) {
      answer.body.resume();
      const next =
        answer.status === 401 || answer.status === 403
          ? "Log in again, until kubectl version works with the same context."
          : "Look at the cluster: kubectl get --raw /version";
      return clusterFinding("error", `${context}: ${server} answers ${answer.status}.`, next);
    }
    const { date } = answer.headers;
    const version = fieldOf(await answer.json(), "gitVersion") ?? "of unknown version";
    const reached = finding("cluster", "ok", `${context}: ${server} answers, Kubernetes ${version}.`);
    return {
      reached: context,
      findings: [reached, ...(await permissionFindings(connection, namespaces))],
      witnesses:
        typeof date === "string"
          ? [{ who: `The clock of ${server}`, at: new Date(date), should: "now" }]
          : [],
    };
  } catch (error) {
    const start = "Start the cluster (minikube start), or name another context with --context.";
    const next = error instanceof UserError ? error.fix : start;
    return clusterFinding("error", `${context}: ${server} cannot be asked: ${causeOf(error)}`, next);
  }
}

async function permissionFindings(
  connection: ApiConnection,
  namespaces: readonly string[],
): Promise<readonly Finding[]> {
  const denied: Finding[] = [];
  const granted: string[] = [];
  for (const [group, resource, missing, without] of PERMISSIONS) {
    // A port-forward over WebSocket is a GET; since Kubernetes 1.35 it also needs `create` (KEP 4006).
    const verbs = resource === "pods/portforward" ? ["get", "create"] : ["list", "watch"];
    const refused = new Set<string>();
    for (const namespace of resource === "ingressclasses" ? [""] : namespaces)
      for (const verb of verbs)
        if (!(await isAllowed(connection, { group, resource, verb, namespace })))
          refused.add(`${verb} ${resource}${namespace === "" ? "" : ` in ${namespace}`}`);
    const message = `You may not ${[...refused].join(", ")}: ${without}.`;
    const next = `See kubectl auth can-i list ${resource} -A; ask for a role that allows it, or name a namespace that you may read with -n.`;
    if (refused.size === 0) granted.push(resource);
    else denied.push(finding("permissions", missing, message, next));
  }
  if (granted.length === 0) return denied;
  return [finding("permissions", "ok", `You may read ${granted.join(", ")}.`), ...denied];
}

/** source: https://kubernetes.io/docs/reference/access-authn-authz/authorization/#checking-api-access */
async function isAllowed(
  connection: ApiConnection,
  action: {
    readonly group: string;
    readonly resource: string;
    readonly verb: string;
    readonly namespace: string;
  },
): Promise<boolean> {
  const [resource, subresource = ""] = action.resource.split("/");
  const answer = await connection.request("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", {
    method: "POST",
    body: {
      apiVersion: "authorization.k8s.io/v1",
      kind: "SelfSubjectAccessReview",
      spec: { resourceAttributes: { ...action, resource, subresource } },
    },
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  return fieldOf(fieldOf(await answer.json(), "status"), "allowed") === true;
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
