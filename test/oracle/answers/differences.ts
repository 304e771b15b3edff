import type { Answer, Arrival } from "./answer.ts";
import type { Observed } from "./observe.ts";

/** An intended difference in reading answers. */
interface WholeDifference {
  /** The heading of its section in `docs/differences.md`. */
  readonly name: string;
  readonly covers: Covers;
}

/** Holds what each side does, so that nothing else hides behind it. */
type Covers = (answer: Answer, nginx: Observed, ours: Observed, arrival: Arrival) => boolean;

/** A small difference, beside which others may stand: what nginx shows, as ours shows it. */
interface SmallDifference {
  readonly name: string;
  readonly adjusted: (answer: Answer, nginx: Observed, ours: Observed) => Observed;
}

const SMALL: readonly SmallDifference[] = [
  {
    name: "Two Content-Type lines",
    adjusted: ({ bytes }, nginx, ours) => {
      const isType = (line: string) => /^content-type:/i.test(line);
      const said = [...bytes.matchAll(/\ncontent-type: *([^\r\n]*)/gi)].filter(([, value]) => value !== "");
      const [last, first] = [nginx.headers.find(isType), ours.headers.find(isType)];
      if (said.length < 2 || last === undefined || first === undefined) return nginx;
      if (last === first || first !== said[0]?.[0].slice(1)) return nginx;
      return { ...nginx, headers: [...nginx.headers.filter((line) => line !== last), first].sort() };
    },
  },
  {
    name: "Bytes behind an answer to HEAD",
    adjusted: ({ method, bytes }, nginx) =>
      method === "HEAD" && nginx.next === BACKEND_KEPT && /\n\r*\n./s.test(bytes)
        ? { ...nginx, next: BACKEND_ANEW }
        : nginx,
  },
];

/** Differences that are the whole outcome. */
const WHOLE: readonly WholeDifference[] = [
  {
    name: "An answer that is no HTTP",
    covers: (_, nginx, ours) => isWithoutHead(nginx) && statusOf(nginx) === undefined && isRefused(ours),
  },
  {
    name: "Answers before the answer",
    covers: ({ bytes }, nginx, ours) => {
      const isInterim = /^HTTP\/\d+\.\d+ +1\d\d[ .\r\n]/.test(bytes);
      const isSwitch = statusOf(nginx) === 101;
      const isSeen = statusOf(nginx) !== undefined || (nginx.body_is === "cut off" && nginx.status === "");
      return isInterim && isSeen && !/^1/.test(ours.status) && (!isSwitch || isRefused(ours));
    },
  },
  {
    name: "Status lines that are none",
    covers: ({ bytes }, nginx, ours) =>
      /^HTTP\/\d+\.\d+ +0\d\d[ .\r\n]/.test(bytes) && !isRefused(nginx) && isRefused(ours),
  },
  {
    name: "Blanks within a status",
    covers: ({ bytes }, nginx, ours) =>
      isWithoutHead(nginx) &&
      /^HTTP\/[\d.]+ +(?:\d +\d *\d|\d\d +\d)[. \r\n]/.test(bytes) &&
      !isRefused(ours),
  },
  {
    name: "A length that is none, or that is not the only one",
    covers: ({ bytes }, nginx, ours) => !isRefused(nginx) && isFramedOddly(headOf(bytes)) && isRefused(ours),
  },
  {
    name: "Chunks of more than 500 TB",
    covers: ({ bytes }, nginx, ours) =>
      hasHugeChunk(bytes) &&
      nginx.body_is === "cut off" &&
      isSameBut(["status", "headers", "body"], nginx, ours) &&
      nginx.body.startsWith(ours.body),
  },
  {
    name: "How much of a broken answer comes through",
    covers: ({ bytes }, nginx, ours, arrival) =>
      (arrival !== "at once" || bytes.length > BUFFER_BYTES) &&
      nginx.body_is === "cut off" &&
      isSameBut(["status", "headers", "body"], nginx, ours) &&
      (nginx.body.startsWith(ours.body) || ours.body.startsWith(nginx.body)) &&
      (nginx.status === ours.status || nginx.status === "" || ours.status === ""),
  },
];

/** Intended differences, with reasons in `docs/differences.md`. Any other one fails the test. */
export const ANSWER_DIFFERENCES: readonly string[] = [...WHOLE, ...SMALL].map(({ name }) => name);

/** The differences that explain how the two differ; `undefined`: nothing does. */
export function explained(
  answer: Answer,
  arrival: Arrival,
  nginx: Observed,
  ours: Observed,
): readonly string[] | undefined {
  let shown = nginx;
  const names: string[] = [];
  for (const { name, adjusted } of SMALL) {
    const next = adjusted(answer, shown, ours);
    if (next !== shown) names.push(name);
    shown = next;
  }
  if (equal(nginx, ours)) return [];
  if (equal(shown, ours)) return names;
  const whole = WHOLE.find(
    ({ covers }) => covers(answer, nginx, ours, arrival) || covers(answer, shown, ours, arrival),
  );
  return whole === undefined ? undefined : [whole.name];
}

const BACKEND_KEPT = "good, client kept, backend kept";
const BACKEND_ANEW = "good, client kept, backend anew";
/** nginx's 502 page; to HEAD it is announced alone. */
const PAGE_BYTES = 150;

/** nginx's buffer for one read. */
const BUFFER_BYTES = 4_096;

/** Up to the first blank line, which is not necessarily where the head ends. */
function headOf(bytes: string): string {
  return /^.*?\n\r*\n/s.exec(bytes)?.[0] ?? bytes;
}

function isFramedOddly(head: string): boolean {
  const values = (name: string) =>
    [...head.matchAll(new RegExp(`\\n${name}(?:: *([^\\n]*?))? *\\r*(?=\\n)`, "gi"))].map(
      ([, value = ""]) => value,
    );
  const [lengths, codings] = [values("content-length"), values("transfer-encoding")];
  return (
    lengths.length + codings.length > 1 ||
    lengths.some((value) => !/^\d+$/.test(value) || BigInt(value) > 2n ** 63n - 1n) ||
    codings.some((value) => value.toLowerCase() !== "chunked")
  );
}

/** A size from 2^49 (`MOST_SIZE`), up to nginx's limit. */
function hasHugeChunk(bytes: string): boolean {
  return [...bytes.matchAll(/\n0*([\da-f]{13,15})(?![\da-f])/gi)].some(([, size]) => {
    const count = BigInt(`0x${size}`);
    return count >= 2n ** 49n && count <= 0x7ffffffffffffffn;
  });
}

/** HTTP/0.9 to nginx: it sends the bytes as they are, and leaves the connection open. Or an interim answer. */
function isWithoutHead({ body_is, status }: Observed): boolean {
  return body_is === "raw" || (body_is === "never complete" && status === "");
}

/** The status of an interim answer that nginx sent. */
function statusOf({ body_is, body }: Observed): number | undefined {
  const head = /^HTTP\/1\.1 (1\d\d)(?:[ .][^\r]*)?\r\n(?:[^\r]+\r\n)*Connection: (?:keep-alive|upgrade)\r\n/;
  const status = body_is === "raw" ? head.exec(body)?.[1] : undefined;
  return status === undefined ? undefined : Number(status);
}

/** The 502 page after one try, complete; the backend's connection is not used again. */
function isRefused({ status, headers, body, body_is, behind, asked, next }: Observed): boolean {
  return (
    status === "502 Bad Gateway" &&
    equal(headers, ["Connection: keep-alive", `Content-Length: ${PAGE_BYTES}`, "Content-Type: text/html"]) &&
    (body.length === PAGE_BYTES || body === "") &&
    body_is === "complete" &&
    behind === "" &&
    asked.length === 1 &&
    next === BACKEND_ANEW
  );
}

function isSameBut(fields: readonly (keyof Observed)[], one: Observed, other: Observed): boolean {
  const names = Object.keys(one) as (keyof Observed)[];
  return names.every((name) => fields.includes(name) || equal(one[name], other[name]));
}

function equal(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
