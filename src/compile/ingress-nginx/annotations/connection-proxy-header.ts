import type { Feature } from "../annotations.ts";
import { withHeaders } from "../settings.ts";

/**
 * `connection-proxy-header`: the backend's `Connection`, in place of what keeps connections and upgrades going
 * (annotations/connection/main.go). A WebSocket behind it gets no upgrade, in the cluster either.
 */
export const connectionProxyHeader: Feature = {
  annotations: ["connection-proxy-header"],
  apply: (annotations, settings) => {
    const value = annotations.text("connection-proxy-header");
    if (value === undefined) return settings;
    const connection = value === "close" ? value : "keep-alive";
    const note = `${annotations.nameOf("connection-proxy-header")} sends the backend "Connection: ${connection}", upgrades too`;
    return withHeaders(settings, { connection }, annotations.because("connection-proxy-header", note));
  },
};
