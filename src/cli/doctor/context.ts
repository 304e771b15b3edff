import { UserError } from "../../errors.ts";
import { connect } from "../../kube/connect.ts";
import { chooseContext } from "../../kube/context.ts";
import { type KubeConfigPlace, readKubeConfig } from "../../kube/kubeconfig.ts";
import { type ClusterExamination, examineCluster } from "./cluster.ts";
import type { Finding } from "./finding.ts";

/** Which cluster is meant: the one that the options name, or the current context's where that is a local one. */
export interface ContextChoice {
  readonly place: KubeConfigPlace;
  /** `--context`. */
  readonly context: string | undefined;
  /** `undefined`: all. */
  readonly namespaces: readonly string[] | undefined;
}

/** Looks at the kubeconfig, and at the cluster of its context; a remote one is only asked when it was named. */
export async function contextFindings(choice: ContextChoice): Promise<ClusterExamination> {
  const named = choice.context !== undefined || choice.place.file !== undefined;
  try {
    const config = await readKubeConfig(choice.place);
    if (!named && config.currentContext === undefined) return nothing(noCluster(config.searched));
    const chosen = chooseContext(config, choice.context);
    if (chosen.local === "remote" && choice.context === undefined)
      return nothing({
        check: "cluster",
        state: "ok",
        message: `The current context, ${chosen.context.name}, is not on this computer: it is only read when it is named.`,
        next: `To read it: --context ${chosen.context.name}`,
      });
    const connection = connect(chosen, { place: choice.place });
    try {
      return await examineCluster(connection, choice.namespaces);
    } finally {
      connection.close();
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return nothing({ check: "cluster", state: "error", message: error.message, next: error.fix });
  }
}

function nothing(finding: Finding): ClusterExamination {
  return { findings: [finding], witnesses: [] };
}

function noCluster(searched: readonly string[]): Finding {
  const message = `${searched.join(", ")} names no context: manifests come from disk, and pods are echo services.`;
  return { check: "cluster", state: "ok", message };
}
