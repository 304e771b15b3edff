import { askRecordedSets } from "./ask-sets.ts";

/** Sets that are answered otherwise through sockets, by name, with the reason. */
const DIFFERENCES: ReadonlyMap<string, string> = new Map([
  ["backend-tls", "the pods' certificates are not among the objects"],
]);

askRecordedSets("gateway-api", DIFFERENCES, { joint: ",", client: "198.18.0.1", protocols: "all" });
