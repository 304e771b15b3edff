import { isIP } from "node:net";
import { UserError } from "../errors.ts";
import type { Ports, Scheme } from "../model/decision.ts";

/** A running controller. A scheme without a port is not asked. */
export interface Target {
  /** As the user wrote it. */
  readonly text: string;
  /** An address without brackets, or a name. */
  readonly host: string;
  readonly ports: Partial<Ports>;
}

const FORM = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(\[[^\]]*\]|[^:/?#@[\]]+)(?::(\d{1,5}))?\/?$/i;

function refuse(text: string, why: string): never {
  throw new UserError("bad-target", `"${text}" is no running controller: ${why}.`);
}

/**
 * Reads `http://ADDRESS[:PORT]`, `https://ADDRESS[:PORT]` or `ADDRESS`, which means both. `given`: ports of the options;
 * each adds its scheme. @throws UserError `bad-target`
 */
export function readTarget(text: string, given: Partial<Ports>): Target {
  const [, scheme, host = "", port] = FORM.exec(text) ?? refuse(text, reasonOf(text));
  const known = scheme?.toLowerCase();
  if (known !== undefined && known !== "http" && known !== "https")
    return refuse(text, `the scheme is ${known}, and a controller is asked by http or https`);
  if (port !== undefined && !isPort(Number(port))) return refuse(text, `${port} is no port`);
  const name = hostOf(host, text);
  if (known === undefined && port === undefined)
    return { text, host: name, ports: { http: given.http ?? 80, https: given.https ?? 443 } };
  const own: Scheme = known ?? (port === "443" ? "https" : "http");
  if (port !== undefined && given[own] !== undefined)
    return refuse(text, `it names a port, and so does --${own}-port`);
  const usual = own === "http" ? 80 : 443;
  return {
    text,
    host: name,
    ports: { ...given, [own]: port === undefined ? (given[own] ?? usual) : Number(port) },
  };
}

export function isPort(port: number): boolean {
  return port > 0 && port <= 65_535;
}

function reasonOf(text: string): string {
  if (text.includes("@")) return "a user name has no place in it";
  if (/^(?:[a-z]+:\/\/|(?![a-z]+:\/\/))[^/?#]+[/?#]/i.test(text))
    return "a path has no place in it, since the manifests say what is asked for";
  if (/^[0-9a-f]*(?::[0-9a-f]*){2,}$/i.test(text)) return "an IPv6 address needs brackets: [::1]";
  return "it is no address";
}

function hostOf(host: string, text: string): string {
  if (host.startsWith("[")) {
    const address = host.slice(1, -1);
    return isIP(address) === 6 ? address : refuse(text, `${host} is no IPv6 address`);
  }
  if (/^\d+(?:\.\d+)*$/.test(host) && isIP(host) === 0) return refuse(text, `${host} is no IPv4 address`);
  return /^[\w.-]+$/.test(host) ? host : refuse(text, `${host} is no name`);
}

/** `127.0.0.1:80`, `[::1]:443` */
export function addressText(host: string, port: number): string {
  return isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`;
}
