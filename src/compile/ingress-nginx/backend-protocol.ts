import type { Feature } from "./annotations.ts";

/** `backend-protocol: HTTP` or `HTTPS`, without regard to case (annotations/backendprotocol/main.go). */
export const backendProtocol: Feature = {
  annotations: ["backend-protocol"],
  apply: (annotations, settings) => {
    const value = annotations
      .text("backend-protocol", {
        pattern: /^(?:AUTO_HTTP|HTTP|HTTPS|GRPC|GRPCS|FCGI)$/i,
        what: "HTTP, HTTPS, AUTO_HTTP, GRPC, GRPCS or FCGI",
        otherwise: "use-default",
      })
      ?.toUpperCase();
    if (value === undefined || value === "HTTP") return settings;
    if (value === "HTTPS") return { ...settings, route: { ...settings.route, backendProtocol: "HTTPS" } };
    annotations.notHonoured(
      "backend-protocol",
      `${value} is not yet honoured: the backend is spoken to by HTTP`,
    );
    return settings;
  },
};
