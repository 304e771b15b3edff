import type { Feature } from "./annotations.ts";

/** `proxy-connect-timeout`, `proxy-send-timeout`, `proxy-read-timeout`: seconds, without a unit (annotations/proxy/main.go). */
export const timeouts: Feature = {
  annotations: ["proxy-connect-timeout", "proxy-send-timeout", "proxy-read-timeout"],
  apply: (annotations, settings) => {
    const ms = (name: string, preset: number) => {
      const seconds = annotations.integer(name);
      return seconds === undefined || seconds < 0 ? preset : seconds * 1000;
    };
    const { connectTimeoutMs, sendTimeoutMs, readTimeoutMs } = settings.route;
    return {
      ...settings,
      route: {
        ...settings.route,
        connectTimeoutMs: ms("proxy-connect-timeout", connectTimeoutMs),
        sendTimeoutMs: ms("proxy-send-timeout", sendTimeoutMs),
        readTimeoutMs: ms("proxy-read-timeout", readTimeoutMs),
      },
    };
  },
};
