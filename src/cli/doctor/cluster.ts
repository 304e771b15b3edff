import { UserError } from "../../errors.ts";
import type { ApiConnection } from "../../model/cluster.ts";
import { causeOf } from "../../proxy/connect/connect.ts";
import type { Witness } from "./clock.ts";
import type { Finding } from "./finding.ts";

/** How long, in ms, an API server may take: one that is slower is one that `up` would wait for as well. */
const PATIENCE_MS = 10_000;

/** What is said of a cluster, and the time by its own clock. */
export interface ClusterExamination {
  readonly findings: readonly Finding[];
  readonly witnesses: readonly Witness[];
  /** The context of a cluster that answers. */
  readonly reached?: string | undefined;
}

/** One kind of object that is read, and what becomes of it where it may not be. */
interface Wanted {
  readonly group: string;
  readonly resource: string;
  readonly verbs: readonly string[];
  readonly without: string;
  /** Whether nothing works without it. */
  readonly need: "required" | "useful";
}

const READ = ["list", "watch"];

/** What `up` asks of a cluster, most important first. */
const WANTED: readonly Wanted[] = [
  {
    group: "networking.k8s.io",
    resource: "ingresses",
    verbs: READ,
    need: "required",
    without: "there is nothing to serve",
  },
  { group: "", resource: "services", verbs: READ, need: "required", without: "no backend can be resolved" },
  {
    group: "discovery.k8s.io",
    resource: "endpointslices",
    verbs: READ,
    need: "required",
    without: "no pod of a Service is known",
  },
  { group: "", resource: "pods", verbs: READ, need: "required", without: "no pod of a Service is known" },
  // The WebSocket form is a GET; since Kubernetes 1.35 `create` is asked for as well (KEP 4006).
  {
    group: "",
    resource: "pods/portforward",
    verbs: ["get", "create"],
    need: "required",
    without: "no pod can be reached",
  },
  {
    group: "networking.k8s.io",
    resource: "ingressclasses",
    verbs: READ,
    need: "useful",
    without: "only the class that the controller's installations make is known",
  },
  {
    group: "",
    resource: "secrets",
    verbs: READ,
    need: "useful",
    without: "the Secrets that Ingresses name are read one by one, and changes are seen late",
  },
  {
    group: "",
    resource: "configmaps",
    verbs: READ,
    need: "useful",
    without: "the controller's options are taken to be the defaults",
  },
];

/** Whether the API server answers, who it is, and what its user may read: by `SelfSubjectAccessReview`. Changes nothing. */
export async function examineCluster(
  connection: ApiConnection,
  namespaces: readonly string[] | undefined,
): Promise<ClusterExamination> {
  const { context, server } = connection;
  try {
    const answer = await connection.request("/version", { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.status !== 200) {
      answer.body.resume();
      return { findings: [refused(context, server, answer.status)], witnesses: [] };
    }
    const { date } = answer.headers;
    const version = gitVersionOf(await answer.json());
    const reached: Finding = {
      check: "cluster",
      state: "ok",
      message: `${context}: ${server} answers, Kubernetes ${version}.`,
    };
    return {
      reached: context,
      findings: [reached, ...(await permissionFindings(connection, namespaces))],
      witnesses:
        typeof date === "string"
          ? [{ who: `The clock of ${server}`, at: new Date(date), should: "now" }]
          : [],
    };
  } catch (error) {
    const next =
      error instanceof UserError
        ? error.fix
        : "Start the cluster (minikube start), or name another context with --context.";
    const message = `${context}: ${server} cannot be asked: ${causeOf(error)}`;
    return { findings: [{ check: "cluster", state: "error", message, next }], witnesses: [] };
  }
}

function refused(context: string, server: string, status: number): Finding {
  const next =
    status === 401 || status === 403
      ? "Log in again, until kubectl version works with the same context."
      : "Look at the cluster: kubectl get --raw /version";
  return { check: "cluster", state: "error", message: `${context}: ${server} answers ${status}.`, next };
}

function gitVersionOf(version: unknown): string {
  if (typeof version !== "object" || version === null || !("gitVersion" in version))
    return "of unknown version";
  return String(version.gitVersion);
}

async function permissionFindings(
  connection: ApiConnection,
  namespaces: readonly string[] | undefined,
): Promise<readonly Finding[]> {
  const places = namespaces ?? [""];
  const denied: Finding[] = [];
  const granted: string[] = [];
  for (const wanted of WANTED) {
    const missing = new Set<string>();
    for (const namespace of wanted.resource === "ingressclasses" ? [""] : places)
      for (const verb of wanted.verbs)
        if (!(await mayI(connection, wanted, verb, namespace)))
          missing.add(`${verb} ${wanted.resource}${namespace === "" ? "" : ` in ${namespace}`}`);
    if (missing.size === 0) granted.push(wanted.resource);
    else denied.push(deniedFinding(wanted, [...missing]));
  }
  const ok: Finding = { check: "permissions", state: "ok", message: `You may read ${granted.join(", ")}.` };
  return granted.length === 0 ? denied : [ok, ...denied];
}

function deniedFinding({ resource, without, need }: Wanted, missing: readonly string[]): Finding {
  return {
    check: "permissions",
    state: need === "required" ? "error" : "warning",
    message: `You may not ${missing.join(", ")}: ${without}.`,
    next: `See kubectl auth can-i list ${resource} -A; ask for a role that allows it, or name a namespace that you may read with -n.`,
  };
}

/** https://kubernetes.io/docs/reference/access-authn-authz/authorization/#checking-api-access */
async function mayI(
  connection: ApiConnection,
  { group, resource: name }: Wanted,
  verb: string,
  namespace: string,
): Promise<boolean> {
  const [resource, subresource = ""] = name.split("/");
  const resourceAttributes = { group, resource, subresource, verb, namespace };
  const answer = await connection.request("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", {
    method: "POST",
    body: {
      apiVersion: "authorization.k8s.io/v1",
      kind: "SelfSubjectAccessReview",
      spec: { resourceAttributes },
    },
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  const review = await answer.json();
  if (typeof review !== "object" || review === null || !("status" in review)) return false;
  const { status } = review;
  return typeof status === "object" && status !== null && "allowed" in status && status.allowed === true;
}
