import { isIP } from "node:net";
import { domainToASCII } from "node:url";

/** A name of a certificate's subjectAltName (RFC 5280, section 4.2.1.6). */
export interface AltName {
  readonly kind: "dns" | "ip";
  /** Lower case; an address in its shortest form (RFC 5952), so that equal addresses are equal strings. */
  readonly value: string;
}

const LABEL = /^[a-z0-9_]([-a-z0-9_]{0,61}[a-z0-9_])?$/;

/**
 * A host's name in a certificate: `*.shop.test`, `xn--mnchen-3ya.test` for `münchen.test`, an address without
 * brackets. `undefined` for any other text.
 */
export function altNameOf(host: string): AltName | undefined {
  const bare = host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host;
  // `isIP` is by far the slowest step, and there may be 20,000 hosts.
  const family = /:|\d$/.test(bare) ? isIP(bare) : 0;
  if (family !== 0) return { kind: "ip", value: shortAddress(bare, family) };
  if (host.length > 1_024) return undefined;
  const ascii = /^[\x21-\x7e]*$/.test(host) ? host.toLowerCase() : domainToASCII(host);
  const name = ascii.replace(/\.$/, "");
  if (name.length === 0 || name.length > 253) return undefined;
  const labels = (name.startsWith("*.") ? name.slice(2) : name).split(".");
  return labels.every((label) => LABEL.test(label)) ? { kind: "dns", value: name } : undefined;
}

/** One spelling for each address: OpenSSL prints `0:0:0:0:0:0:0:1` where people write `::1`. */
function shortAddress(address: string, family: number): string {
  if (family === 4) return address;
  const [unscoped = ""] = address.split("%");
  return new URL(`http://[${unscoped}]/`).hostname.slice(1, -1);
}

/** The alternative names of hosts, each once, in the order given; leaves out what is not a name. */
export function altNamesOf(hosts: readonly string[]): readonly AltName[] {
  const names = new Map<string, AltName>();
  for (const host of hosts) {
    const name = altNameOf(host);
    if (name !== undefined) names.set(name.value, name);
  }
  return [...names.values()];
}

/**
 * Reads `X509Certificate.subjectAltName`: `DNS:a.test, IP Address:127.0.0.1`. Node quotes a value with a comma or a
 * quote as JSON, so no value can pass for two.
 */
export function parseAltNames(text: string | undefined): readonly AltName[] {
  const names: AltName[] = [];
  for (const [, kind, value = ""] of (text ?? "").matchAll(
    /(?:^|, )(DNS|IP Address):("(?:[^"\\]|\\.)*"|[^,]*)/g,
  )) {
    const name = kind === "DNS" ? value.toLowerCase() : altNameOf(value)?.value;
    if (name !== undefined) names.push({ kind: kind === "DNS" ? "dns" : "ip", value: name });
  }
  return names;
}

/** The names to look a client's name up by, in order: itself, then the wildcard that covers its first label. */
export function lookupNames(servername: string | undefined): readonly string[] {
  // A name of more than 255 bytes is no host name (RFC 1035, section 3.1), and lower-casing it would cost time.
  if (servername === undefined || servername.length > 255) return [];
  const name = plain(servername);
  const dot = name.indexOf(".");
  // One label only: ingress-nginx, rootfs/etc/nginx/lua/certificate.lua, get_pem_cert_uid.
  return dot > 0 ? [name, `*${name.slice(dot)}`] : [name];
}

/** A certificate's names for `covers`. */
export function nameSet(names: readonly string[]): ReadonlySet<string> {
  return new Set(names.map(plain).filter((name) => name !== ""));
}

/**
 * True if a certificate's names cover a host (ingress-nginx, internal/ingress/controller/certificate.go,
 * matchHostnames). Compares labels; `*` counts only as a whole first label.
 */
export function covers(names: ReadonlySet<string>, host: string): boolean {
  const wanted = plain(host);
  const dot = wanted.indexOf(".");
  return wanted !== "" && (names.has(wanted) || names.has(dot < 0 ? "*" : `*${wanted.slice(dot)}`));
}

function plain(name: string): string {
  return name.toLowerCase().replace(/\.$/, "");
}
