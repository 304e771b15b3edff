import { createHash } from "node:crypto";
import type { HeaderLine } from "../../model/decision.ts";
import { cookiesNamed } from "../action/session.ts";
import type { Arrival } from "../arrival.ts";
import type { Change } from "../change.ts";

/** The parts of a request that are hashed (`hash_policy`). */
export type EnvoyHashSource = (
  | { readonly kind: "address" }
  /** In lower case. */
  | { readonly kind: "header"; readonly name: string }
  /** Case does not count. */
  | { readonly kind: "query"; readonly name: string }
  /** A client without it gets one, unless `given` is "never". `attributes`: behind its value */
  | {
      readonly kind: "cookie";
      readonly name: string;
      readonly attributes: string;
      readonly given?: "never" | undefined;
    }
) & {
  /** Those behind it count only while nothing is found. */
  readonly terminal?: true | undefined;
};

/** Requests with equal hashes share an endpoint; those without one go round. */
export interface EnvoyHashStep {
  readonly kind: "envoy-hash";
  readonly by: readonly EnvoyHashSource[];
}

export function chooseByHash(at: Arrival, { by }: EnvoyHashStep): Change | undefined {
  const found: string[] = [];
  const cookies: HeaderLine[] = [];
  for (const source of by) {
    const value = sentValue(source, at) ?? newSession(source, at, cookies);
    if (value !== undefined) found.push(value);
    if (source.terminal === true && found.length > 0) break;
  }
  if (found.length === 0) return undefined;
  return {
    choice: { kind: "hash", key: JSON.stringify(found) },
    responseRewrites: cookies.length === 0 ? undefined : { beside: cookies },
  };
}

function sentValue(source: EnvoyHashSource, { request, path }: Arrival): string | undefined {
  switch (source.kind) {
    case "address":
      return request.remoteAddress;
    case "header":
      return request.header(source.name);
    case "query": {
      const pairs = path.query.split("&").map((pair) => pair.split(/=(.*)/s, 2));
      return pairs.find(([name = ""]) => name.toLowerCase() === source.name)?.[1];
    }
    case "cookie": {
      const [sent] = cookiesNamed(request, source.name);
      return sent?.replace(/^"(.*)"$/s, "$1") || undefined;
    }
  }
}

/** Sixteen digits, as Envoy makes them of the connection's addresses. */
function newSession(
  source: EnvoyHashSource,
  { request: { chance, remoteAddress } }: Arrival,
  cookies: HeaderLine[],
): string | undefined {
  if (source.kind !== "cookie" || source.given === "never") return undefined;
  const made = createHash("sha256").update(`${remoteAddress} ${chance}`).digest("hex").slice(0, 16);
  cookies.push(["set-cookie", `${source.name}="${made}"${source.attributes}`]);
  return made;
}
