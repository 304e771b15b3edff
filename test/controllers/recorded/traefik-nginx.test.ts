import { askRecordedSets } from "./ask-sets.ts";

/** Sets that are answered otherwise through sockets, by name, with the reason. */
const DIFFERENCES: ReadonlyMap<string, string> = new Map([
  ["external-name", "a port of this machine that only the laboratory has"],
  ["service-ports", "a port of this machine that only the laboratory has"],
  ["service-upstream", "clusterIPs lead nowhere in the laboratory, and to the pods here"],
]);

askRecordedSets("traefik-nginx", DIFFERENCES, { answerJoint: "last" });
