import { OTHER_LINE, type ReadLine, UNREAD_LINE } from "./logged-request.ts";
import { requestWords } from "./request-words.ts";

/** The time of the common log format: `[28/Nov/2026:12:00:00 +0000]`. */
const TIME = / \[\d{1,2}\/[A-Za-z]{3}\/\d{4}:[^\]]{0,40}\] "/;
const STATUS = /^ (\d{3}|-)(?: |$)/;
/** Behind length and time of a request: `[$proxy_upstream_name] [$proxy_alternative_upstream_name]`. */
const UPSTREAMS = / \d+ \d[\d.]* \[([^[\]]*)\] \[([^[\]]*)\]/;
/** klog (`I1128 12:00:00.000000       7 main.go:10] …`), nginx's error log, and a banner. */
const TELLS_OF_NONE = /^(?:[IWEF]\d{4} \d\d:\d\d:\d\d|\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d \[|-{10,}$|\s*$)/;

/**
 * A line of nginx's formats and those made like them: common, combined, combined behind `HOST:PORT`, ingress-nginx's
 * default, Traefik's.
 */
export function readTextLine(line: string): ReadLine {
  const time = TIME.exec(line);
  if (time === null) return TELLS_OF_NONE.test(line) ? OTHER_LINE : UNREAD_LINE;
  const from = time.index + time[0].length;
  const to = closingQuote(line, from);
  if (to === undefined) return UNREAD_LINE;
  const rest = line.slice(to + 1);
  const status = STATUS.exec(rest)?.[1];
  if (status === undefined) return UNREAD_LINE;
  const words = requestWords(unescaped(line.slice(from, to)));
  if (words === undefined) return OTHER_LINE;
  const [, main = "", other = ""] = UPSTREAMS.exec(rest) ?? [];
  const server = serverIn(line.slice(0, time.index));
  return {
    kind: "request",
    ...words,
    host: words.host ?? server?.host,
    scheme: words.scheme ?? server?.scheme,
    status: status === "-" ? undefined : Number(status),
    upstream: (other || main) === "" ? undefined : other || main,
  };
}

/** `HOST:PORT` in front of `ADDRESS - USER`. */
function serverIn(beginning: string): { readonly host: string; readonly scheme?: "https" } | undefined {
  const [first = "", second, third] = beginning.split(" ");
  if (second === "-" || third !== "-") return undefined;
  return /:443$/.test(first) ? { host: first, scheme: "https" } : { host: first };
}

function closingQuote(line: string, from: number): number | undefined {
  for (let at = from; at < line.length; at++) {
    if (line[at] === '"') return at;
    if (line[at] === "\\") at++;
  }
  return undefined;
}

/** nginx writes quotes, backslashes and what is not ASCII as `\x22`, Apache writes `\"` and `\\`. */
function unescaped(text: string): string {
  if (!text.includes("\\")) return text;
  return text.replace(/\\(?:x([0-9A-Fa-f]{2})|(.))/g, (_, hex?: string, char?: string) =>
    hex === undefined ? (char ?? "") : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
