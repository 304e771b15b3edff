import { isIP, isIPv6 } from "node:net";
import type { ServiceMap } from "./map.ts";

export type MapTarget = ServiceMap["target"];

/** A name for a resolver; with `_`, because Docker Compose has such names. */
const HOST_NAME =
  /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*\.?$/i;

/** A port from 1 to 65535. No sign, no leading zero: `080` may be meant octally. */
export function portNumber(text: string): number | undefined {
  const port = /^[1-9]\d{0,4}$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= 65_535 ? port : undefined;
}

/**
 * Reads the right-hand side of a map: `3000`, `HOST:3000`, `[::1]:3000`, or a URL with an optional base path.
 *
 * Returns the end of a sentence (`names no port`) for any other text.
 */
export function parseTarget(text: string): MapTarget | string {
  if (text === "") return "is empty";
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return parseUrl(text);
  if (/^[+-]?\d+$/.test(text)) {
    const port = portNumber(text);
    if (port === undefined) return "is not a port from 1 to 65535";
    // `localhost` is both loopback addresses, tried one after the other: vite and others listen on ::1 alone.
    return { protocol: "http", host: "localhost", port, basePath: "", shownAs: `127.0.0.1:${port}` };
  }
  return parseHostPort(text);
}

function parseHostPort(text: string): MapTarget | string {
  if (/[/?#@\s]/.test(text))
    return "is neither PORT, HOST:PORT nor a URL that starts with http:// or https://";
  if (isIPv6(text)) return "has an IPv6 address that needs brackets and a port, as in [::1]:3000";
  const parts = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::(.*))?$/.exec(text);
  if (parts === null) return "is neither PORT, HOST:PORT nor a URL that starts with http:// or https://";
  const [, bracketed, plain = "", portText] = parts;
  const host = bracketed ?? plain;
  const wrongHost = hostFault(host, bracketed === undefined ? "plain" : "bracketed");
  if (wrongHost !== undefined) return wrongHost;
  if (portText === undefined) return `names no port: ${text}:3000`;
  const port = portNumber(portText);
  if (port === undefined) return `has a port that is not from 1 to 65535 (${JSON.stringify(portText)})`;
  return { protocol: "http", host, port, basePath: "" };
}

function hostFault(host: string, form: "plain" | "bracketed"): string | undefined {
  if (form === "bracketed") {
    if (host.includes("%")) return "has a zone in its IPv6 address, which cannot be used here";
    return isIPv6(host) ? undefined : `has ${JSON.stringify(host)} in brackets, which is not an IPv6 address`;
  }
  if (host === "") return "names no host before the port";
  if (/^[\d.]+$/.test(host) && isIP(host) === 0)
    return `has ${JSON.stringify(host)}, which is not an IPv4 address`;
  return HOST_NAME.test(host) ? undefined : `has ${JSON.stringify(host)}, which is not a host name`;
}

function parseUrl(text: string): MapTarget | string {
  if (!/^https?:\/\//i.test(text)) return "has a scheme other than http:// and https://";
  if (/\s/.test(text) || !URL.canParse(text)) return "is not a valid URL";
  const url = new URL(text);
  if (url.username !== "" || url.password !== "")
    return "has a user name or password, which would go nowhere";
  if (url.search !== "" || text.includes("?"))
    return "has a query, but a base path only can be put before requests";
  if (url.hash !== "" || text.includes("#")) return "has a fragment (#), which never reaches a server";
  const protocol = url.protocol === "https:" ? "https" : "http";
  const port = url.port === "" ? (protocol === "https" ? 443 : 80) : Number(url.port);
  if (port === 0) return "has a port that is not from 1 to 65535";
  return {
    protocol,
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port,
    basePath: url.pathname.replace(/\/+$/, ""),
    schemeNamed: true,
  };
}
