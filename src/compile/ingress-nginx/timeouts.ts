import type { Annotations, Feature } from "./annotations.ts";

/** `proxy-connect-timeout`, `proxy-send-timeout`, `proxy-read-timeout`: seconds, without a unit (annotations/proxy/main.go). */
export const timeouts: Feature = {
  annotations: ["proxy-connect-timeout", "proxy-send-timeout", "proxy-read-timeout"],
  apply: (annotations, settings) => {
    const { connectTimeoutMs, sendTimeoutMs, readTimeoutMs } = settings.route;
    return {
      ...settings,
      route: {
        ...settings.route,
        connectTimeoutMs: readMs(annotations, "proxy-connect-timeout") ?? connectTimeoutMs,
        sendTimeoutMs: readMs(annotations, "proxy-send-timeout") ?? sendTimeoutMs,
        readTimeoutMs: readMs(annotations, "proxy-read-timeout") ?? readTimeoutMs,
      },
    };
  },
};

function readMs(annotations: Annotations, name: string): number | undefined {
  const seconds = annotations.notNegative(name);
  return seconds === undefined ? undefined : seconds * 1000;
}
