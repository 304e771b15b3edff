/**
 * One line of a `requests` section or of an example's `requests.txt`:
 *
 *     GET http://www.basic1.com/path1   → forward default/service1:80 /
 *     POST -H 'X-Team: a' --body-size 2048 https://shop.test/cart  → respond 413   # why the line is there
 *
 * An outcome that is a guard's doing says so: `respond 503 by limits`. Through sockets the answer is that; by the functions,
 * which ask no guard, the decision is to ask it.
 *
 * Lines below it, indented, look at headers: `< Name: value` at one of the response, `> Name: value` at one that the
 * backend received; `< !Name` and `> !Name` say that there is none. `…` stands for any part of a value.
 *
 * Ports are left out of the URL: `http` is the http listener, `https` the https listener. In what is expected they are
 * written as 31000 and 32000, whichever ports a run really has.
 */
export interface RequestLine {
  /** The line as written, without its comment: the name of the test. */
  readonly text: string;
  /** 1-based, in its file. */
  readonly line: number;
  readonly method: string;
  /** `-H 'Name: value'`, in order. A `Host` here replaces the URL's. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** `--body-size N`: bytes of body sent; undefined for a request without one. */
  readonly bodySize: number | undefined;
  readonly scheme: "http" | "https";
  readonly host: string;
  /** From the first `/` on, one char a byte, exactly as sent. */
  readonly target: string;
  /** `forward NAMESPACE/SERVICE:PORT PATH`, `redirect STATUS LOCATION` or `respond STATUS`. */
  readonly expected: string;
  /** The kind of the guard whose answer this is. */
  readonly guard: string | undefined;
  /** Headers to look at, where the request goes through sockets. */
  readonly headersExpected: readonly ExpectedHeader[];
}

/** A header that must be there, or (without a value) must not. */
export interface ExpectedHeader {
  readonly of: "response" | "backend request";
  /** In lower case. */
  readonly name: string;
  /** `…` stands for any part. */
  readonly value: string | undefined;
}

const LINE = /^(?<method>[!-~]+) (?<options>.*?)(?<scheme>https?):\/\/(?<host>[^/ ]*)(?<target>\/[^ ]*)$/;
const OPTION = /\s*(?:-H '(?<name>[^:']+): ?(?<value>[^']*)'|--body-size (?<size>\d+))\s*/y;
const OUTCOME =
  /^(?<outcome>forward [^\s/]+\/[^\s:]+:\S+ \/\S*|redirect 3\d\d \S+|respond [1-5]\d\d)(?: by (?<guard>[a-z-]+))?$/;

/** The UTF-8 bytes of a text, one char a byte: the form in which `match` and sockets take a request target. */
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

/** Reads one line; throws an Error that names the place when it is not in the form above. */
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

/** Every request of a text: blank lines and lines that start with `#` are passed over. */
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

/** The `Host` header that a browser would send for the URL, or the line's own. */
export function hostHeader(
  request: RequestLine,
  ports: { readonly http: number; readonly https: number },
): string {
  const own = request.headers.find(([name]) => name.toLowerCase() === "host");
  return own === undefined ? `${request.host}:${ports[request.scheme]}` : own[1];
}
