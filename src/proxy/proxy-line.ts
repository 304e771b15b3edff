import type { Socket } from "node:net";
import type { Proxied } from "../model/decision.ts";
import { rememberProxied } from "./connection.ts";
import type { ProxyContext } from "./context.ts";
import { readProxyHeader } from "./streams/proxy-protocol.ts";

const NOTHING = Buffer.alloc(0);

/**
 * Takes the line of what stands in front off the beginning of a connection, where `use-proxy-protocol` is on, and calls back
 * with nothing else taken. Without a line nginx closes the connection; here one is served all the same unless `--exact`: no
 * browser sends one. Source: ngx_http_request.c, ngx_http_wait_request_handler; ngx_proxy_protocol.c.
 */
export function takeProxyLine(context: ProxyContext, socket: Socket, done: () => void): void {
  if (context.client().proxyProtocol === "none") {
    done();
    return;
  }
  let bytes: Buffer = NOTHING;
  const timer = setTimeout(() => socket.destroy(), context.limits.headMs);
  const stop = () => clearTimeout(timer);
  const look = () => {
    const chunk: Buffer | null = socket.read();
    // The client has left without a word.
    if (chunk === null) return void socket.end();
    bytes = Buffer.concat([bytes, chunk]);
    const header = readProxyHeader(bytes);
    if (header.kind === "partial") return;
    stop();
    socket.off("readable", look).off("close", stop);
    if (header.kind === "none" && context.exact) {
      socket.destroy();
      return;
    }
    if (header.kind === "header") {
      const proxied = proxiedBy(header.line);
      if (proxied !== undefined) rememberProxied(socket, proxied);
    }
    const rest = header.kind === "header" ? bytes.subarray(header.bytes) : bytes;
    if (rest.length > 0) socket.unshift(rest);
    done();
  };
  socket.on("close", stop).on("readable", look);
}

/** `PROXY TCP4 192.0.2.1 198.51.100.1 56324 443`; nothing is known by `PROXY UNKNOWN`. */
function proxiedBy(line: string): Proxied | undefined {
  const [, family = "", address, , , port] = line.split(" ");
  return /^TCP[46]$/.test(family) && address !== undefined && port !== undefined
    ? { address, port }
    : undefined;
}
