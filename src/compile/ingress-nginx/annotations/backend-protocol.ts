import type { BackendProtocol } from "../../../model/route/transport.ts";
import type { Feature } from "../annotations.ts";
import { withNote, withTransport } from "../settings.ts";
import { documented } from "./documented.ts";

const PROTOCOLS: readonly BackendProtocol[] = ["HTTP", "HTTPS", "AUTO_HTTP", "GRPC", "GRPCS", "FCGI"];

/** `backend-protocol`, ignoring case. default for a bad value: HTTP (annotations/backendprotocol/main.go) */
export const backendProtocol: Feature = {
  annotations: documented("Backend protocol", { Low: "backend-protocol" }),
  apply: (annotations, settings) => {
    const value = annotations.text("backend-protocol");
    const protocol = PROTOCOLS.find((known) => known === value?.toUpperCase());
    if (protocol === undefined) return settings;
    const spoken = withTransport(settings, { protocol });
    if (protocol === "HTTP") return spoken;
    const note = `the pods are spoken to by ${protocol}: ${annotations.nameOf("backend-protocol")}`;
    return withNote(spoken, annotations.because("backend-protocol", note));
  },
};
