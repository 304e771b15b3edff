import type { Observed } from "./observe.ts";
import type { Opinion } from "./second-opinion.ts";

/** A kind of answer that one of nginx and llhttp takes and the other refuses. */
export interface OpinionKind {
  readonly name: string;
  /** Why nginx's reading is followed, or what ours does instead. */
  readonly why: string;
  readonly taken: "by nginx" | "by llhttp";
  readonly covers: (nginx: Observed, opinion: Opinion) => boolean;
}

function stoppedAt(...codes: readonly string[]): OpinionKind["covers"] {
  return (_, { verdict }) => codes.includes(verdict.replace("HPE_", ""));
}

/** Every kind that is known. The test counts answers of each. */
export const OPINION_KINDS: readonly OpinionKind[] = [
  {
    name: "lines that end in LF alone",
    why: "RFC 9112 section 2.2 lets a reader take them; scripts write them",
    taken: "by nginx",
    covers: stoppedAt("CR_EXPECTED"),
  },
  {
    name: "a CR too many, and empty chunk extensions",
    why: "no reader takes them for another end of the line",
    taken: "by nginx",
    covers: stoppedAt("LF_EXPECTED", "STRICT"),
  },
  {
    name: "versions beyond 1.1",
    why: "RFC 9110 section 6.2: a higher minor version is read as the highest known one",
    taken: "by nginx",
    covers: stoppedAt("INVALID_VERSION"),
  },
  {
    name: "blanks and IIS's dot around a status",
    why: "old servers send them, and the status is plain",
    taken: "by nginx",
    covers: stoppedAt("INVALID_STATUS"),
  },
  {
    name: "names that are no tokens, lines without a colon, control characters",
    why: "nginx passes them on, and so does ours to HTTP/1 clients",
    taken: "by nginx",
    covers: stoppedAt("INVALID_HEADER_TOKEN", "UNEXPECTED_SPACE"),
  },
  {
    name: "lengths and codings",
    why: "nginx 1.22 takes the last length or none; the controller's 1.27 refuses as llhttp does, and so does ours",
    taken: "by nginx",
    covers: stoppedAt("INVALID_CONTENT_LENGTH", "UNEXPECTED_CONTENT_LENGTH", "INVALID_TRANSFER_ENCODING"),
  },
  {
    name: "blanks behind a chunk's size",
    why: "old servers pad sizes; the digits are plain",
    taken: "by nginx",
    covers: stoppedAt("INVALID_CHUNK_SIZE"),
  },
  {
    name: "bytes behind an answer",
    why: "the answer is complete; the connection is not used again",
    taken: "by nginx",
    covers: stoppedAt("INVALID_CONSTANT", "CLOSED_CONNECTION"),
  },
  {
    name: "heads over proxy-buffer-size",
    why: "the controller's limit is 4k",
    taken: "by llhttp",
    covers: (nginx) => isOwnPage(nginx),
  },
  {
    name: "interim answers",
    why: "nginx takes each for the whole answer; ours reads on, as llhttp does",
    taken: "by llhttp",
    covers: ({ body_is, body }) => body_is === "raw" && /^HTTP\/1\.1 1\d\d[ \r]/.test(body),
  },
  {
    name: "other versions, and lines before the first",
    why: "HTTP/0.9 to nginx, which sends the bytes as they are; ours refuses",
    taken: "by llhttp",
    covers: ({ body_is }) => body_is === "raw" || body_is === "never complete",
  },
  {
    name: "codings that are not chunked alone",
    why: "to nginx they are chunks, to llhttp a body until the end; ours refuses, as 1.27 does",
    taken: "by llhttp",
    covers: ({ body_is }) => body_is === "cut off",
  },
];

/** The kind of a disagreement, `"unknown"` if it is none of those, `undefined` if they agree. */
export function disagreement(nginx: Observed, opinion: Opinion): OpinionKind | "unknown" | undefined {
  const isTaken = nginx.body_is === "complete" && !isOwnPage(nginx);
  const isRefusedByLlhttp = opinion.verdict.startsWith("HPE_");
  if (isTaken === !isRefusedByLlhttp || (!isTaken && opinion.verdict !== "complete")) return undefined;
  const taken = isTaken ? "by nginx" : "by llhttp";
  return OPINION_KINDS.find((kind) => kind.taken === taken && kind.covers(nginx, opinion)) ?? "unknown";
}

/** The 502 page, whose body is missing to HEAD. */
function isOwnPage({ status, headers }: Observed): boolean {
  return status === "502 Bad Gateway" && headers.includes("Content-Length: 150");
}
