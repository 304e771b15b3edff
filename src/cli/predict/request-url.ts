import { isIPv6 } from "node:net";
import { domainToASCII } from "node:url";
import { UserError } from "../../errors.ts";
import type { Scheme } from "../../model/decision.ts";
import { textAsBytes } from "../../request/utf8.ts";

/** The parts of a URL that a request needs, not normalised: as curl would send them. */
export interface RequestUrl {
  readonly scheme: Scheme;
  /** The `Host` header, with the URL's port. `""` for a URL that starts at its path. */
  readonly host: string;
  /** Raw, one char per byte, without the fragment, which is never sent. */
  readonly target: string;
}

/** Scheme, authority, rest without fragment. RFC 3986 appendix B. */
const URL_PARTS = /^(?:([a-zA-Z][a-zA-Z0-9+.-]*):\/\/)?([^/?#]*)([^#]*)/;

function refuse(url: string, reason: string): never {
  throw new UserError("bad-url", `"${url}" is no URL that a request can have: ${reason}.`);
}

/** International names in ASCII form, others as written. */
function hostOf(name: string, url: string): string {
  if (name.startsWith("[")) {
    const address = name.slice(1, -1).split("%")[0] ?? "";
    return name.endsWith("]") && isIPv6(address) ? name : refuse(url, `${name} is no IPv6 address`);
  }
  if (name === "") return refuse(url, "it has no host");
  const ascii = /^[\x00-\x7f]*$/.test(name) ? name : domainToASCII(name);
  if (!/^[\w.*~-]+$/.test(ascii) || ascii.startsWith(".") || ascii.includes("..")) {
    return refuse(url, `"${name}" is no host name`);
  }
  return ascii;
}

function portOf(port: string | undefined, url: string): string {
  if (port === undefined || port === "") return "";
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65535) return refuse(url, `"${port}" is no port`);
  return `:${port}`;
}

function schemeOf(scheme: string | undefined, port: string, httpsPort: number, url: string): Scheme {
  const known = scheme?.toLowerCase();
  if (known === "http" || known === "https") return known;
  if (known !== undefined) return refuse(url, `the scheme is ${known}, and an Ingress serves http and https`);
  return port === `:${httpsPort}` || port === ":443" ? "https" : "http";
}

/**
 * Splits a URL without touching its path: `..`, `//` and `%2F` matter to an Ingress controller.
 *
 * default scheme (`www.basic1.com/path1`): https for 443 and the https listener's port, else http. The host
 * is optional beside a `Host` header. @throws UserError `bad-url`
 */
export function readRequestUrl(url: string, httpsPort: number): RequestUrl {
  if (/[\x00-\x20\x7f]/.test(url))
    refuse(url, "blanks and control characters have to be written as %20 and so on");
  const [, scheme, authority = "", rest = ""] = URL_PARTS.exec(url) ?? [];
  if (authority.includes("@")) refuse(url, "a user name has no place in it (send an Authorization header)");
  const [, name = "", portText] =
    /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/.exec(authority) ?? refuse(url, "the host is malformed");
  const startsAtPath = scheme === undefined && authority === "" && rest.startsWith("/");
  const host = startsAtPath ? "" : hostOf(name, url);
  const port = portOf(portText, url);
  const target = textAsBytes(rest.startsWith("/") ? rest : `/${rest}`);
  return { scheme: schemeOf(scheme, port, httpsPort, url), host: host + port, target };
}

/** Splits `Name: value`, as curl's `-H`. @throws UserError `bad-option` */
export function readHeader(text: string): readonly [name: string, value: string] {
  const [, name, value = ""] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*:\s*([^\r\n\0]*)$/.exec(text) ?? [];
  if (name === undefined) {
    throw new UserError("bad-option", `--header: "${text}" is not of the form 'Name: value'.`);
  }
  return [name, value.trim()];
}
