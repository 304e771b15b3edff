import type { Problem } from "../../../model/problem.ts";
import type { TlsOptionsOfNames, VirtualHostTls } from "../../../model/route/host-step.ts";
import type { Condition, HostMatch, RouteMatch } from "../../../model/route/selection.ts";
import type { TlsHost } from "../../../model/route.ts";
import { wildcardOf } from "../../../request/host.ts";
import { problemOf } from "../../problem.ts";
import type { TraefikEntry } from "../flags.ts";
import type { TraefikObjects } from "../objects.ts";
import type { HostRouter } from "../routers/router.ts";
import { defaultTlsOption, type TlsOption, tlsOption } from "./options.ts";

/** TLS of an entry point where not every name has the same. */
export interface TlsOfEntry {
  readonly byName: TlsOptionsOfNames;
  readonly tls: ReadonlyMap<string, VirtualHostTls>;
}

interface Named {
  readonly option: TlsOption | undefined;
  readonly router: HostRouter;
}

/** The certificates, for `sniStrict`. */
type Certificates = readonly Pick<TlsHost, "host">[];

/**
 * The TLS options of each host: those of the routers that name it. Where they differ, the default ones hold for all
 * (pkg/server/router/tcp/router.go, buildEntryPointHandler). `undefined`: the default ones hold everywhere.
 */
export function tlsOfEntry(
  entry: TraefikEntry,
  routers: readonly HostRouter[],
  certificates: Certificates,
  objects: TraefikObjects,
): TlsOfEntry | undefined {
  const usual = defaultTlsOption(objects);
  const isPlain = routers.every((router) => referenceOf(router, entry) === undefined);
  if (isPlain && usual?.strict === undefined && usual?.refused === undefined && usual?.verify !== "on")
    return undefined;
  const byName = new Map<string, TlsOption | undefined>();
  const tls = new Map<string, VirtualHostTls>();
  const issued = new Set(certificates.map(({ host }) => host));
  for (const [name, named] of optionsByName(entry, routers, objects)) {
    const [first, ...others] = new Set(named.map(({ option }) => option));
    const chosen = others.length === 0 ? first : undefined;
    const option = strictly(chosen ?? usual, name, issued);
    byName.set(name, option);
    tls.set(name, { terms: option?.terms, rejected: option?.refused === undefined ? undefined : true });
  }
  return { byName, tls };
}

/** Refused without a certificate for the name, where that is asked for. */
function strictly(
  option: TlsOption | undefined,
  name: string,
  issued: ReadonlySet<string>,
): TlsOption | undefined {
  if (option?.strict === undefined || issued.has(name) || issued.has(wildcardOf(name, "none") ?? ""))
    return option;
  const refused = `${option.named} has sniStrict, and no certificate is for ${name}`;
  return { ...option, refused };
}

function referenceOf({ tls }: HostRouter, { tlsOptions }: TraefikEntry): string | undefined {
  const written = tls === undefined ? tlsOptions : tls.options;
  return written === "" || written === "default" ? undefined : written;
}

/** One router for each of a name's options. A name has those of its wildcard as well. */
function optionsByName(
  entry: TraefikEntry,
  routers: readonly HostRouter[],
  objects: TraefikObjects,
): ReadonlyMap<string, readonly Named[]> {
  const found = new Map<string, Named[]>();
  for (const router of routers) {
    const reference = referenceOf(router, entry);
    const option = reference === undefined ? undefined : tlsOption(reference, objects);
    for (const name of hostNames(router.match)) {
      const list = found.get(name);
      if (list === undefined) found.set(name, [{ option, router }]);
      else if (!list.some((each) => each.option === option)) list.push({ option, router });
    }
  }
  return new Map(
    [...found].map(([name, list]) => [
      name,
      name.startsWith("*.") ? list : [...list, ...(found.get(wildcardOf(name, "none") ?? "") ?? [])],
    ]),
  );
}

/** The names of all `Host` in a rule. */
function hostNames({ hosts = [], when }: RouteMatch): readonly string[] {
  return [...new Set([...hosts.flatMap(nameOf), ...namesWithin(when)])];
}

function namesWithin(condition: Condition | undefined): readonly string[] {
  switch (condition?.kind) {
    case "all":
    case "one-of":
      return condition.of.flatMap(namesWithin);
    case "not":
      return namesWithin(condition.of);
    case "host":
      return nameOf(condition.host);
    default:
      return [];
  }
}

function nameOf(host: HostMatch): readonly string[] {
  return host.kind === "pattern" ? [] : [host.name];
}

/** Options that do not hold at an entry point: those of hosts with different ones, and those that refuse everybody. */
export function tlsOptionProblems(
  entry: TraefikEntry,
  routers: readonly HostRouter[],
  certificates: Certificates,
  objects: TraefikObjects,
): readonly Problem[] {
  if (routers.every((router) => referenceOf(router, entry) === undefined)) return [];
  const issued = new Set(certificates.map(({ host }) => host));
  const problems: Problem[] = [];
  for (const [name, named] of optionsByName(entry, routers, objects)) {
    const at = named.find(({ option, router }) => option !== undefined && router.owner !== undefined);
    const { owner, at: place } = at?.router ?? {};
    if (owner === undefined || place === undefined) continue;
    const field = typeof place === "string" ? place : place.field;
    const options = [...new Set(named.map(({ option }) => option))];
    const [first, ...others] = options;
    const { refused } = strictly(first, name, issued) ?? {};
    if (others.length > 0) problems.push(problemOf(owner, { ...differing(name, options), field }));
    else if (refused !== undefined)
      problems.push(
        problemOf(owner, {
          ...{ code: "route-lost", level: "error", field },
          message: `Traefik refuses every TLS handshake for ${name}: ${refused}`,
          fix: "Correct the TLSOption, or the reference to it (NAMESPACE-NAME@kubernetescrd).",
        }),
      );
  }
  return problems;
}

function differing(name: string, options: readonly (TlsOption | undefined)[]) {
  const names = options.map((option) => option?.named ?? "the default options").join(" and ");
  const told = `${name} has routers with different TLS options (${names}): Traefik takes the default ones for all of them`;
  const fix = "Give all routers of the host the same TLS options.";
  return options.some((option) => option?.verify === "on")
    ? ({
        code: "guard-lost",
        level: "error",
        message: `${told}, and asks nobody for a certificate`,
        fix,
      } as const)
    : ({ code: "annotation-ignored", level: "warning", message: told, fix } as const);
}
