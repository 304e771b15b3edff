import { askRecordedSets } from "./ask-sets.ts";

/** Sets that are answered otherwise through sockets, by name, with the reason. */
const DIFFERENCES: ReadonlyMap<string, string> = new Map([
  ["external-name", "a port of this machine that only the laboratory has"],
  ["service-ports", "a port of this machine that only the laboratory has"],
  ["service-upstream", "clusterIPs lead nowhere in the laboratory, and to the pods here"],
  ["fuzz-06", "production has another of two routes, whose redirect differs"],
  ["fuzz-88", "production has another of two routes, whose rewrite differs"],
]);

askRecordedSets("traefik-nginx", DIFFERENCES);
