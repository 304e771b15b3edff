import type { Outcome } from "../match/outcome.ts";
import type { Ports } from "../model/decision.ts";
import { bytesAsText } from "../request/utf8.ts";

const LOCAL: Ports = { http: 31_000, https: 32_000 };
const USUAL: Ports = { http: 80, https: 443 };

interface LocationParts {
  readonly scheme: string;
  readonly host: string;
  readonly rest: string;
}

/**
 * `Location` as in production or with the local ports. A bare path is the request's own scheme and host. An empty path
 * is `/`.
 */
export function isExpectedLocation(expected: string, { decision, facts }: Outcome): boolean {
  if (decision.kind !== "redirect") return false;
  const own = { scheme: facts.scheme, host: withoutPort(facts.host.toLowerCase(), facts.scheme) };
  const wanted = partsOf(expected, own);
  return [decision.location, decision.production].some((location) => {
    if (location === undefined) return false;
    const found = partsOf(bytesAsText(location), own);
    return found.scheme === wanted.scheme && found.host === wanted.host && found.rest === wanted.rest;
  });
}

function partsOf(location: string, own: Omit<LocationParts, "rest">): LocationParts {
  const [, scheme, host, rest = ""] =
    /^(?:([a-z][a-z0-9+.-]*):)?(?:\/\/([^/?#]*))?(.*)$/is.exec(location) ?? [];
  const named = scheme?.toLowerCase() ?? own.scheme;
  return {
    scheme: named,
    host: host === undefined ? own.host : withoutPort(host.toLowerCase(), named),
    rest: rest.startsWith("/") ? rest : `/${rest}`,
  };
}

/** Without the port that a scheme has, in the cluster or here. */
function withoutPort(host: string, scheme: string): string {
  if (scheme !== "http" && scheme !== "https") return host;
  const port = /:(\d*)$/.exec(host)?.[1];
  if (port === undefined) return host;
  const isOwn = port === "" || [LOCAL[scheme], USUAL[scheme]].includes(Number(port));
  return isOwn ? host.slice(0, -port.length - 1) : host;
}
