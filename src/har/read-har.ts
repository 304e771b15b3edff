import { UserError } from "../errors.ts";
import { fieldsOf, numberIn } from "./fields.ts";
import { JsonBreak, JsonScanner } from "./json-scanner.ts";
import { readEntry } from "./read-entry.ts";
import type { RecordedRequest } from "./recorded.ts";

export interface Har {
  readonly requests: readonly RecordedRequest[];
  /** Entries that are no requests by HTTP, by the scheme of their URL: `data`, `chrome-extension`. */
  readonly others: ReadonlyMap<string, number>;
  /** Of the URLs, and of the proxy that recorded them. */
  readonly ports: ReadonlySet<number>;
}

/** Longer than any recording that a person makes. unit: bytes */
export const MOST_HAR_BYTES = 512 * 1024 * 1024;

export function tooLargeHar(name: string): UserError {
  return new UserError(
    "file-too-large",
    `${name} is larger than ${MOST_HAR_BYTES / 1024 ** 2} MiB.`,
    "Record less at a time, or leave bodies out of the export.",
  );
}

/**
 * Reads a HAR whole, entry by entry. What tools add is passed over, and what they leave out has a default.
 * @throws UserError `bad-har` with file and line, for the first thing that is wrong
 */
export function readHar(file: string, bytes: Buffer): Har {
  const text = inUtf8(bytes);
  const refuse = (line: number, what: string) => new UserError("bad-har", `${file}:${line}: ${what}.`);
  const scanner = new JsonScanner(text);
  const requests: RecordedRequest[] = [];
  const others = new Map<string, number>();
  const ports = new Set<number>();
  let entries = 0;
  let hasEntries = false;
  const entry = () => {
    entries++;
    const { line, at: from } = scanner;
    scanner.pass();
    const read = readEntry(JSON.parse(text.toString("utf8", from, scanner.at)), line);
    if (read.kind === "broken") throw refuse(line, `entry ${entries}: ${read.why}`);
    if (read.kind === "request") {
      requests.push(read.request);
      const port = /:(\d{1,5})$/.exec(read.request.host)?.[1];
      if (port !== undefined) ports.add(Number(port));
    } else others.set(read.scheme, (others.get(read.scheme) ?? 0) + 1);
  };
  const value = () => {
    const from = scanner.at;
    scanner.pass();
    return fieldsOf(JSON.parse(text.toString("utf8", from, scanner.at)));
  };
  const log = (key: string) => {
    if (key === "_ingressDev") {
      const listeners = fieldsOf(value()?.ports);
      for (const scheme of ["http", "https"]) ports.add(numberIn(listeners, scheme) ?? 0);
      return;
    }
    if (key !== "entries" || hasEntries) {
      scanner.pass();
      return;
    }
    if (!["list", "nothing"].includes(scanner.next))
      throw refuse(scanner.line, "it is no HAR: log.entries is no list");
    hasEntries = true;
    scanner.list(entry);
  };
  try {
    if (text.length === 0) throw refuse(1, "it is no HAR: it is empty");
    if (scanner.next !== "object") throw refuse(scanner.line, "it is no HAR: it does not begin with {");
    scanner.object((key) =>
      key === "log" && scanner.next === "object" ? scanner.object(log) : scanner.pass(),
    );
    scanner.end();
  } catch (error) {
    if (!(error instanceof JsonBreak)) throw error;
    const place = entries === 0 ? "" : hasEntries ? `entry ${entries}: ` : "";
    throw refuse(error.line, `${place}${error.message}`);
  }
  if (!hasEntries) throw refuse(1, "it is no HAR: it has no log.entries");
  return { requests, others, ports };
}

/** As UTF-8 without byte order mark; tools of Windows write UTF-16. */
function inUtf8(bytes: Buffer): Buffer {
  const [a, b, c] = bytes;
  if (a === 0xff && b === 0xfe) return Buffer.from(bytes.toString("utf16le", 2), "utf8");
  return a === 0xef && b === 0xbb && c === 0xbf ? bytes.subarray(3) : bytes;
}
