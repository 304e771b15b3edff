import { isIP } from "node:net";
import { UserError } from "../errors.ts";
import type { ClusterEntry } from "./entries.ts";

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\./.test(host);
}

/** A `NO_PROXY` entry: `*`, an address, or a domain with its subdomains. */
function covers(entry: string, host: string, port: string): boolean {
  const [, name = "", wanted] = /^\.?(.*?)(?::(\d+))?$/.exec(entry.trim().toLowerCase()) ?? [];
  if (wanted !== undefined && wanted !== port) return false;
  if (name === "") return false;
  if (name === "*" || name === host) return true;
  return isIP(host) === 0 && host.endsWith(`.${name.replace(/^\*\./, "")}`);
}

/**
 * An API server's proxy: `proxy-url` of the kubeconfig, else `HTTPS_PROXY` (`HTTP_PROXY` for http) unless
 * `NO_PROXY` covers it. This computer is always reached directly, as by Go's clients
 * (golang.org/x/net/http/httpproxy).
 */
export function proxyUrlFor(
  { server, proxyUrl }: Pick<ClusterEntry, "server" | "proxyUrl">,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  if (proxyUrl !== undefined) return proxyUrl;
  const { protocol, hostname, port } = new URL(server);
  const host = hostname.replace(/^\[|\]$/g, "").toLowerCase();
  const of = (name: string) => env[name] || env[name.toLowerCase()] || undefined;
  const found = of(protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY");
  if (found === undefined || isLoopback(host)) return undefined;
  const effective = port === "" ? (protocol === "https:" ? "443" : "80") : port;
  if ((of("NO_PROXY") ?? "").split(",").some((entry) => covers(entry, host, effective))) return undefined;
  return found.includes("://") ? found : `http://${found}`;
}

const SCHEMES: ReadonlySet<string> = new Set(["http:", "https:", "socks5:", "socks5h:"]);
const FIX = "Correct proxy-url of the cluster in the kubeconfig, or the variable HTTPS_PROXY.";

/**
 * Reads a proxy's URL. Messages contain only its scheme, since it may hold a password.
 * @throws UserError `bad-kubeconfig` for schemes that kubectl refuses (client-go tools/clientcmd/helpers.go,
 * parseProxyURL)
 */
export function parseProxyUrl(text: string, clusterName: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const subject = `The URL of the proxy to cluster "${clusterName}"`;
  if (url === undefined) throw new UserError("bad-kubeconfig", `${subject} cannot be read.`, FIX);
  if (SCHEMES.has(url.protocol)) return url;
  const scheme = url.protocol.slice(0, -1);
  const message = `${subject} has the scheme "${scheme}", and kubectl knows http, https and socks5.`;
  throw new UserError("bad-kubeconfig", message, FIX);
}
