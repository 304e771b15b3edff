/**
 * One line of a `requests` section or of an example's `requests.txt`. `CONTRIBUTING.md` describes the form.
 *
 * GET http://www.basic1.com/path1   → forward default/service1:80 /
 *
 * Ports of expectations are 31000 (http) and 32000 (https), whatever ports a run has.
 */
export interface RequestLine {
  /** Without its comment; the name of the test. */
  readonly text: string;
  /** 1-based. */
  readonly line: number;
  readonly method: string;
  /** `-H 'Name: value'`, in order. `Host` replaces the URL's. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** `--body-size N`. `undefined`: no body */
  readonly bodySize: number | undefined;
  readonly scheme: "http" | "https";
  readonly host: string;
  /** From the first `/` on, one char per byte, exactly as sent. */
  readonly target: string;
  /** `forward NAMESPACE/SERVICE:PORT PATH`, `redirect STATUS LOCATION` or `respond STATUS`. */
  readonly expected: string;
  /** The guard that gives this answer. */
  readonly guard: string | undefined;
  /** Headers to check when the request goes through sockets. */
  readonly headersExpected: readonly ExpectedHeader[];
}

/** An expected header; without a value, an absent one. */
export interface ExpectedHeader {
  readonly of: "response" | "backend request";
  /** Lower case. */
  readonly name: string;
  /** `…` stands for any part. */
  readonly value: string | undefined;
}

const LINE = /^(?<method>[!-~]+) (?<options>.*?)(?<scheme>https?):\/\/(?<host>[^/ ]*)(?<target>\/[^ ]*)$/;
const OPTION = /\s*(?:-H '(?<name>[^:']+): ?(?<value>[^']*)'|--body-size (?<size>\d+))\s*/y;
const OUTCOME =
  /^(?<outcome>forward [^\s/]+\/[^\s:]+:\S+ \/\S*|redirect 3\d\d \S+|respond [1-5]\d\d)(?: by (?<guard>[a-z-]+))?$/;

/** UTF-8, one char per byte: the form of request targets. */
const bytes = (text: string): string => Buffer.from(text, "utf8").toString("latin1");

function optionsOf(text: string, where: string): Pick<RequestLine, "headers" | "bodySize"> {
  const headers: [string, string][] = [];
  let bodySize: number | undefined;
  OPTION.lastIndex = 0;
  while (OPTION.lastIndex < text.length) {
    const found = OPTION.exec(text)?.groups;
    if (found === undefined) throw new Error(`${where}: not an option: ${text}`);
    if (found.size !== undefined) bodySize = Number(found.size);
    else headers.push([found.name ?? "", found.value ?? ""]);
  }
  return { headers, bodySize };
}

/** @throws Error with the place, for a malformed line */
export function parseRequestLine(raw: string, file: string, line: number): RequestLine {
  const where = `${file}:${line}`;
  const text = raw.replace(/\s+# .*$/, "").trim();
  const [left, right, more] = text.split(/\s+→\s+/);
  if (left === undefined || right === undefined || more !== undefined)
    throw new Error(`${where}: expected one arrow: REQUEST → OUTCOME`);
  const found = LINE.exec(left)?.groups;
  if (found === undefined) throw new Error(`${where}: not a request: ${left}`);
  const outcome = OUTCOME.exec(right)?.groups;
  if (outcome === undefined) throw new Error(`${where}: not an outcome: ${right}`);
  return {
    text: `${left} → ${right}`,
    line,
    method: found.method ?? "",
    ...optionsOf(found.options ?? "", where),
    scheme: found.scheme === "https" ? "https" : "http",
    host: found.host ?? "",
    target: bytes(found.target ?? ""),
    expected: outcome.outcome ?? "",
    guard: outcome.guard,
    headersExpected: [],
  };
}

const HEADER = /^(?<of>[<>]) (?:!(?<absent>[^\s:]+)|(?<name>[^\s:!]+): ?(?<value>.*))$/;

function parseHeaderLine(text: string, where: string): ExpectedHeader {
  const found = HEADER.exec(text)?.groups;
  if (found === undefined) throw new Error(`${where}: not a header: ${text}`);
  const name = (found.absent ?? found.name ?? "").toLowerCase();
  return { of: found.of === "<" ? "response" : "backend request", name, value: found.value };
}

/** Skips blank lines and lines that start with `#`. */
export function parseRequestLines(text: string, file: string, firstLine = 1): readonly RequestLine[] {
  const requests: RequestLine[] = [];
  for (const [index, raw] of text.split("\n").entries()) {
    const content = raw.replace(/\s+# .*$/, "").trim();
    const line = firstLine + index;
    if (content === "" || content.startsWith("#")) continue;
    if (!/^[<>] /.test(content)) {
      requests.push(parseRequestLine(content, file, line));
      continue;
    }
    const request = requests.pop();
    if (request === undefined) throw new Error(`${file}:${line}: a header before the first request`);
    const header = parseHeaderLine(content, `${file}:${line}`);
    requests.push({ ...request, headersExpected: [...request.headersExpected, header] });
  }
  return requests;
}

/** The line's `Host`, or the one that a browser sends for the URL. */
export function hostHeader(
  request: RequestLine,
  ports: { readonly http: number; readonly https: number },
): string {
  const own = request.headers.find(([name]) => name.toLowerCase() === "host");
  return own === undefined ? `${request.host}:${ports[request.scheme]}` : own[1];
}
