import { controllerNamed } from "../compile/controllers.ts";
import { UserError } from "../errors.ts";
import { connect } from "../kube/connect.ts";
import { type ChosenContext, chooseContext } from "../kube/context.ts";
import { type KubeConfigPlace, readKubeConfig } from "../kube/kubeconfig.ts";
import type { ApiConnection } from "../model/cluster.ts";
import type { ControllerObjects } from "../source/cluster/reflectors.ts";
import type { Namespaces } from "../source/cluster/scope.ts";
import { createPodForwards, type PodForwards } from "../upstream/port-forward/forwards.ts";
import type { Settings } from "./options.ts";

/** The options that name a cluster, settled. */
export type ClusterSettings = Pick<
  Settings,
  | "context"
  | "kubeconfig"
  | "namespace"
  | "allNamespaces"
  | "controller"
  | "configmap"
  | "defaultSslCertificate"
>;

/** A cluster that is to be read, and its pods. */
export interface Cluster {
  readonly api: ApiConnection;
  readonly namespaces: Namespaces;
  readonly controller: ControllerObjects;
  readonly forwards: PodForwards;
  /** Where manifests are put that name no namespace: the one of `-n`, else the context's, as with kubectl apply. */
  readonly home: string;
  /** In words: `the current context`, or `undefined` where it was named by `--context`. */
  readonly chosenBy: string | undefined;
}

/** Where the kubeconfig is. */
export function kubeConfigPlace(
  { kubeconfig }: ClusterSettings,
  env: Readonly<Record<string, string | undefined>>,
): KubeConfigPlace {
  return { file: kubeconfig, env };
}

/** `-A` counts for more than `-n`, as with kubectl. */
function namespacesOf({ namespace, allNamespaces }: ClusterSettings): Namespaces {
  if (allNamespaces) return "all";
  return namespace === undefined ? "all-or-own" : [...new Set(namespace)];
}

/** Of several namespaces none is the one that is meant. */
function homeOf({ namespace, allNamespaces }: ClusterSettings, own: string): string {
  const [only, another] = namespace ?? [];
  return allNamespaces || only === undefined || another !== undefined ? own : only;
}

/** A cluster that is not on this computer is read by name only: it may be production. */
function requireNamed({ context, local }: ChosenContext, { context: named }: ClusterSettings): void {
  if (local === "local" || named !== undefined) return;
  const { name } = context;
  throw new UserError(
    "remote-context",
    `The current context, ${name}, is not a local cluster.`,
    `If it is meant, name it: --context ${name}`,
  );
}

/**
 * The cluster that the options name, or that of the current context. Asks nothing of it yet.
 *
 * Throws `UserError`: `no-cluster`, `bad-kubeconfig`, `remote-context`.
 */
export async function openCluster(
  settings: ClusterSettings,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Cluster> {
  const place = kubeConfigPlace(settings, env);
  const chosen = chooseContext(await readKubeConfig(place), settings.context);
  requireNamed(chosen, settings);
  const api = connect(chosen, { place });
  return {
    api,
    namespaces: namespacesOf(settings),
    controller: {
      config: settings.configmap,
      usualConfig: controllerNamed(settings.controller).configMap?.name,
      certificate: settings.defaultSslCertificate,
    },
    home: homeOf(settings, api.namespace),
    forwards: createPodForwards(api),
    chosenBy: settings.context === undefined ? "the current context" : undefined,
  };
}
