import { askRecordedSets } from "./ask-sets.ts";

/** Sets that are answered otherwise through sockets, by name, with the reason. */
const DIFFERENCES: ReadonlyMap<string, string> = new Map([
  ["opt-external-name", "a port of this machine that only the laboratory has"],
]);

askRecordedSets("traefik", DIFFERENCES, { toOthers: "nothing" });
