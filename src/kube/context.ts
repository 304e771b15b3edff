import { closest } from "../closest.ts";
import { UserError } from "../errors.ts";
import type { Locality } from "../model/cluster.ts";
import type { ClusterEntry, ContextEntry, UserEntry } from "./entries.ts";
import type { KubeConfigFiles } from "./kubeconfig.ts";

export interface ChosenContext {
  readonly context: ContextEntry;
  readonly cluster: ClusterEntry;
  /** default: anonymous */
  readonly user: UserEntry | undefined;
  readonly local: Locality;
}

/** Context names of local clusters. */
const LOCAL = /^(?:minikube|docker-desktop|rancher-desktop|orbstack|kind-.+|k3d-.+|colima(?:-.+)?)$/;

/** Judged by the name that its tool gives it. */
export function localityOf(context: string): Locality {
  return LOCAL.test(context) ? "local" : "remote";
}

function nothingNamed({ files, searched, contexts }: KubeConfigFiles): UserError {
  const where = searched.join(", ");
  if (files.length === 0)
    return new UserError("no-cluster", `There is no kubeconfig: ${where} does not exist.`);
  const known = [...contexts.keys()];
  const message = `${files.join(", ")} names no current context.`;
  if (known.length === 0) return new UserError("no-cluster", message);
  const fix = `Name one with --context: ${known.slice(0, 10).join(", ")}.`;
  return new UserError("no-cluster", message, fix);
}

function unknownContext(name: string, { files, searched, contexts }: KubeConfigFiles): UserError {
  const known = [...contexts.keys()];
  const where = files.length === 0 ? `${searched.join(", ")} (which does not exist)` : files.join(", ");
  const message = `There is no context "${name}" in ${where}.`;
  if (known.length === 0) return new UserError("no-cluster", message);
  const meant = closest(name, known);
  const list = `There are: ${known.slice(0, 10).join(", ")}.`;
  return new UserError("no-cluster", message, meant === undefined ? list : `Did you mean ${meant}? ${list}`);
}

/**
 * The context by name, or the current one.
 * @throws UserError `no-cluster` for none, `bad-kubeconfig` for a missing cluster or user, or an unusable
 * `server`
 */
export function chooseContext(config: KubeConfigFiles, name: string | undefined): ChosenContext {
  const wanted = name ?? config.currentContext;
  if (wanted === undefined) throw nothingNamed(config);
  const context = config.contexts.get(wanted);
  if (context === undefined) throw unknownContext(wanted, config);
  const where = config.files.join(", ");
  const cluster = config.clusters.get(context.cluster);
  if (cluster === undefined) {
    const message = `${where}: context "${wanted}" names the cluster "${context.cluster}", which is not there.`;
    throw new UserError("bad-kubeconfig", message);
  }
  if (!/^https?:\/\//.test(cluster.server) || !URL.canParse(cluster.server)) {
    const message = `${where}: the server of cluster "${cluster.name}" is not an http or https URL: "${cluster.server}".`;
    throw new UserError("bad-kubeconfig", message);
  }
  const user = config.users.get(context.user);
  if (user === undefined && context.user !== "") {
    const message = `${where}: context "${wanted}" names the user "${context.user}", which is not there.`;
    throw new UserError("bad-kubeconfig", message);
  }
  return { context, cluster, user, local: localityOf(wanted) };
}
