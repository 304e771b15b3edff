import { askRecordedSets } from "./ask-sets.ts";

/** Sets that are answered otherwise through sockets, by name, with the reason. */
const DIFFERENCES: ReadonlyMap<string, string> = new Map([
  ["hp-dynamic-values", "%HOSTNAME% was the laboratory's machine"],
  ["opt-external-name", "the laboratory's ExternalNames led to addresses of its own"],
]);

askRecordedSets("contour", DIFFERENCES, {
  joint: "last",
  isOwn: ({ answers }) => answers.some(({ answer }) => answer.reason !== undefined),
  isTls: (port) => port === 8085,
  toOthers: "nothing",
});
