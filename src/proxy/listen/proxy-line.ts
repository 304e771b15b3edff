import type { Socket } from "node:net";
import { readFirst } from "../../http1/first-bytes.ts";
import type { Proxied } from "../../model/decision.ts";
import { readProxyHeader } from "../connect/proxy-protocol.ts";
import { rememberProxied } from "../exchange/client-connections.ts";
import type { Listening } from "./listening.ts";

/**
 * With `use-proxy-protocol`, takes the PROXY line off a connection's start. Without a line nginx closes the
 * connection; here only `--exact` does, because no browser sends one. Source: ngx_http_request.c,
 * ngx_http_wait_request_handler; ngx_proxy_protocol.c.
 */
export function takeProxyLine(context: Listening, socket: Socket, done: () => void): void {
  if (context.client().proxyProtocol === "none") {
    done();
    return;
  }
  readFirst(socket, context.limits.headMs, (bytes) => {
    const header = readProxyHeader(bytes);
    if (header.kind === "partial") return undefined;
    if (header.kind === "none") return { taken: 0, go: context.exact ? () => void socket.destroy() : done };
    const proxied = proxiedBy(header.line);
    if (proxied !== undefined) rememberProxied(socket, proxied);
    return { taken: header.bytes, go: done };
  });
}

/** `PROXY TCP4 192.0.2.1 198.51.100.1 56324 443`; `PROXY UNKNOWN` says nothing. */
function proxiedBy(line: string): Proxied | undefined {
  const [, family = "", address, , , port] = line.split(" ");
  return /^TCP[46]$/.test(family) && address !== undefined && port !== undefined
    ? { address, port }
    : undefined;
}
