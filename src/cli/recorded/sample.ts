import type { RecordedRequest } from "../../har/recorded.ts";
import type { HeaderLine, Ports, Scheme } from "../../model/decision.ts";
import type { SampleRequest } from "../../model/sample-request.ts";
import { headerIn } from "../../request/header-line.ts";
import { withoutPort } from "../../request/host.ts";

/** Of one connection, or about the body's framing: the next one has its own (RFC 9110 section 7.6.1). */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  ...["connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"],
  ...["content-length", "expect", "http2-settings", "host"],
]);

/** Methods whose requests have a length even without a body. */
const WITH_LENGTH: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH"]);

/** Of the proxy that requests are sent to, or would be. */
export interface ListenerFacts {
  readonly ports: Ports;
  readonly exact: boolean;
}

/** The `Host` header for a listener: its port is the listener's, whatever it was when recorded. */
function hostFor(host: string, scheme: Scheme, { ports, exact }: ListenerFacts): string {
  const port = ports[scheme];
  const isUsual = exact || port === (scheme === "http" ? 80 : 443);
  return isUsual ? withoutPort(host) : `${withoutPort(host)}:${port}`;
}

function isUpgrade({ headers }: Pick<RecordedRequest, "headers">): boolean {
  return headers.some(([name, value]) => name.toLowerCase() === "upgrade" && /^websocket$/i.test(value));
}

/** A recorded request as it is sent again: with the headers of its way and its body made anew. */
export function sampleOf(request: RecordedRequest, listeners: ListenerFacts): SampleRequest {
  const { scheme, method, target, bodySize, known } = request;
  const named = headerIn(request.headers, "host") ?? request.host;
  const listed = request.headers
    .filter(([name]) => name.toLowerCase() === "connection")
    .flatMap(([, value]) =>
      value
        .toLowerCase()
        .split(",")
        .map((name) => name.trim()),
    );
  const dropped = new Set(listed.filter((name) => name !== "upgrade"));
  const kept = request.headers.filter(([name]) => {
    const lower = name.toLowerCase();
    return !HOP_BY_HOP.has(lower) && !dropped.has(lower);
  });
  const length: HeaderLine[] =
    bodySize > 0 || WITH_LENGTH.has(method) ? [["Content-Length", String(bodySize)]] : [];
  const upgrade: HeaderLine[] = isUpgrade(request)
    ? [
        ["Connection", "Upgrade"],
        ["Upgrade", "websocket"],
      ]
    : [];
  return {
    ...{ scheme, method, target, bodySize },
    headers: [["Host", hostFor(named, scheme, listeners)], ...upgrade, ...withOneCookie(kept), ...length],
    client: known?.client,
  };
}

/** HTTP/2 may send each cookie in a line; HTTP/1.1 may not (RFC 9113 section 8.2.3). */
function withOneCookie(lines: readonly HeaderLine[]): readonly HeaderLine[] {
  const isCookie = ([name]: HeaderLine) => name.toLowerCase() === "cookie";
  const cookies = lines.filter(isCookie);
  if (cookies.length < 2) return lines;
  const joined = cookies.map(([, value]) => value).join("; ");
  return [...lines.filter((line) => !isCookie(line)), ["Cookie", joined]];
}
