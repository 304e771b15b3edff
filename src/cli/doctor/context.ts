import { connect } from "../../kube/connect.ts";
import { chooseContext } from "../../kube/context.ts";
import { readKubeConfig } from "../../kube/kubeconfig.ts";
import type { Settings } from "../options.ts";
import type { Surroundings } from "../surroundings.ts";
import { type ClusterFindings, clusterFinding, clusterFindings } from "./cluster.ts";
import { errorFinding } from "./finding.ts";

export async function contextFindings(
  { kubeconfig, context, allNamespaces, namespace }: Settings,
  { env }: Surroundings,
): Promise<ClusterFindings> {
  const place = { file: kubeconfig, env };
  try {
    const config = await readKubeConfig(place);
    if (context === undefined && kubeconfig === undefined && config.currentContext === undefined) {
      const message = `${config.searched.join(", ")} names no context: manifests come from disk, and pods are echo services.`;
      return clusterFinding("ok", message);
    }
    const chosen = chooseContext(config, context);
    if (chosen.local === "remote" && context === undefined) {
      const { name } = chosen.context;
      const message = `The current context, ${name}, is not on this computer: it is only read when it is named.`;
      return clusterFinding("ok", message, `To read it: --context ${name}`);
    }
    const connection = connect(chosen, { place });
    const namespaces = allNamespaces ? undefined : namespace;
    return await clusterFindings(connection, namespaces ?? [""]).finally(connection.close);
  } catch (error) {
    return { findings: [errorFinding("cluster", error)], witnesses: [] };
  }
}
