import { isImageOf } from "../../compile/command-line/installations.ts";
import type { ControllerFacts } from "../../compile/controller.ts";
import { CONTROLLERS, controllerNamed } from "../../compile/controllers.ts";
import { UserError } from "../../errors.ts";
import { connect } from "../../kube/connect.ts";
import { type ChosenContext, chooseContext } from "../../kube/context.ts";
import { type KubeConfigPlace, readKubeConfig } from "../../kube/kubeconfig.ts";
import type { ApiConnection } from "../../model/cluster.ts";
import type { ControllerObjects } from "../../source/cluster/reflectors.ts";
import type { Namespaces } from "../../source/cluster/scope.ts";
import { createPodForwards, type PodForwards } from "../../upstream/port-forward/forwards.ts";
import type { Settings } from "../options.ts";

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

export interface Cluster {
  readonly api: ApiConnection;
  readonly namespaces: Namespaces;
  readonly controller: ControllerObjects;
  readonly forwards: PodForwards;
  /** The namespace of manifests that name none: `-n`, else the context's, as for kubectl apply. */
  readonly home: string;
  /** `the current context`; `undefined` if `--context` named it. */
  readonly chosenBy: string | undefined;
}

function kubeConfigPlace(
  { kubeconfig }: ClusterSettings,
  env: Readonly<Record<string, string | undefined>>,
): KubeConfigPlace {
  return { file: kubeconfig, env };
}

/** `-A` wins over `-n`, as with kubectl. */
function namespacesOf({ namespace, allNamespaces }: ClusterSettings): Namespaces {
  if (allNamespaces) return "all";
  return namespace === undefined ? "all-or-own" : [...new Set(namespace)];
}

/** The controllers that may be shown. */
function shownBy({ controller }: ClusterSettings): readonly ControllerFacts[] {
  return controller === "auto" ? CONTROLLERS : [controller].flat().map(controllerNamed);
}

/** Several namespaces give no default. */
function homeOf({ namespace, allNamespaces }: ClusterSettings, own: string): string {
  const [only, another] = namespace ?? [];
  return allNamespaces || only === undefined || another !== undefined ? own : only;
}

/** A remote cluster may be production, so it must be named. */
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
 * The cluster of the options or of the current context, without a request to it.
 * @throws UserError `no-cluster`, `bad-kubeconfig`, `remote-context`
 */
export async function openCluster(
  settings: ClusterSettings,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Cluster> {
  const place = kubeConfigPlace(settings, env);
  const chosen = chooseContext(await readKubeConfig(place), settings.context);
  requireNamed(chosen, settings);
  const api = connect(chosen, { place });
  const shown = shownBy(settings);
  return {
    api,
    namespaces: namespacesOf(settings),
    controller: {
      config: settings.configmap,
      usualConfigs: shown.flatMap(({ configMap }) => configMap?.name ?? []),
      isController: (image) => shown.some(({ commandLine }) => isImageOf(image, commandLine?.images ?? [])),
      certificate: settings.defaultSslCertificate,
    },
    home: homeOf(settings, api.namespace),
    forwards: createPodForwards(api),
    chosenBy: settings.context === undefined ? "the current context" : undefined,
  };
}
