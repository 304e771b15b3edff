import type { RequestFacts } from "../../model/decision.ts";
import type { RouteFound, RouteMatch, VirtualHost } from "../../model/route/selection.ts";

/** A host and a path that a match covers, as far as it says them. */
export interface Sample {
  readonly host: string;
  /** Decoded; one char per byte. */
  readonly path: string;
}

export function sampleFor({ hosts, path }: RouteMatch): Sample {
  const [first] = hosts ?? [];
  const host =
    first === undefined
      ? "other.test"
      : first.kind === "pattern"
        ? "other.test"
        : first.name.replace(/^\*/, "any");
  return { host, path: path.kind === "any" || path.kind === "pattern" ? "/" : path.path };
}

/** What a plain GET finds. */
export function findBy({ host: name, path }: Sample, { index }: VirtualHost): RouteFound | undefined {
  const request: RequestFacts = {
    scheme: "http",
    method: "GET",
    host: name,
    target: path,
    ports: { http: 80, https: 443 },
    exact: true,
    header: () => undefined,
    remoteAddress: "127.0.0.1",
    chance: 0,
    noEndpoints: () => undefined,
  };
  return index.find({ request, name, path: { path, query: "" } });
}
