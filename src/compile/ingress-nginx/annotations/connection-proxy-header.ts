import type { Feature } from "../annotations.ts";
import { withRequestHeaders } from "../settings.ts";
import { documented } from "./documented.ts";

/**
 * `connection-proxy-header`: replaces the backend's `Connection`, and with it keep-alive and upgrades
 * (annotations/connection/main.go). A WebSocket gets no upgrade then, as in the cluster.
 */
export const connectionProxyHeader: Feature = {
  annotations: documented("Connection", { Low: "connection-proxy-header" }),
  apply: (annotations, settings) => {
    const value = annotations.text("connection-proxy-header");
    if (value === undefined) return settings;
    const connection = value === "close" ? value : "keep-alive";
    const note = `${annotations.nameOf("connection-proxy-header")} sends the backend "Connection: ${connection}", upgrades too`;
    return withRequestHeaders(settings, { connection }, annotations.because("connection-proxy-header", note));
  },
};
