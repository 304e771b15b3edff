import { CODES } from "../../errors.ts";
import type { ApiConnection } from "../../model/cluster.ts";
import type { Problem } from "../../model/problem.ts";
import { isLoopback } from "../addresses.ts";

/** Other computers can reach the proxy. */
export function openToNetwork(bind: string): readonly Problem[] {
  if (isLoopback(bind)) return [];
  return [
    {
      code: "open-to-network",
      level: "warning",
      message: `--bind ${bind}: every computer on the network can reach ingress-dev and what is behind it.`,
      fix: CODES["open-to-network"],
    },
  ];
}

export function remoteCluster(api: ApiConnection | undefined): readonly Problem[] {
  if (api === undefined || api.local === "local") return [];
  return [
    {
      code: "remote-cluster",
      level: "warning",
      message: `--context ${api.context}: this is not a local cluster. Requests go to its real pods, through ${api.server}.`,
      fix: CODES["remote-cluster"],
    },
  ];
}
