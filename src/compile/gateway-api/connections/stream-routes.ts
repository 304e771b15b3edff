import type { StreamRoute } from "../../../model/route/stream.ts";
import { ingressName } from "../../problem.ts";
import { refOf } from "../../route.ts";
import type { GatewayListener } from "../listeners.ts";
import { CONNECT_TIMEOUT_MS } from "../rules/transport.ts";
import type { AttachedRoute } from "../tables.ts";
import { connectionShares } from "./connection-routes.ts";

/** The port of a TCP or UDP listener. The oldest route has it; without one its connections are closed. */
export function streamOf(listener: GatewayListener, routes: readonly AttachedRoute[]): StreamRoute {
  const { gateway, owner, field, name, port, protocol } = listener;
  const oldest = routes.find(({ parents }) => parents.some(({ attached }) => attached.includes(listener)));
  const [first, ...others] = oldest === undefined ? [] : connectionShares(oldest);
  const { file, line } = refOf(owner, field);
  return {
    protocol: protocol === "UDP" ? "udp" : "tcp",
    port,
    listener: { gateway: ingressName(gateway), name },
    backend: first?.backend,
    shares: first === undefined ? undefined : [first, ...others],
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    proxyProtocol: { fromClient: "none", toBackend: "none" },
    origin: { file, line },
  };
}
