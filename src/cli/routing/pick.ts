import type { Condition, HostMatch, Selection } from "../../model/route/selection.ts";
import type { RouteTable } from "../../model/route.ts";
import { hostName } from "../../request/host.ts";
import { isCovered, isNamed } from "../../select/host.ts";
import type { Settings } from "../options.ts";

interface Shown {
  readonly table: RouteTable;
  readonly settings: Pick<Settings, "httpPort" | "httpsPort">;
}

/**
 * The controller that a request is for: by the port of its host, else by the tables that name the host, else by a
 * port in production, else the first.
 */
export function pick<T extends Shown>(all: readonly [T, ...T[]], host: string): T {
  const [first, ...others] = all;
  if (others.length === 0) return first;
  const port = Number(/:(\d+)$/.exec(host)?.[1] ?? 0);
  const [byPort, another] = all.filter(({ settings }) =>
    [settings.httpPort, settings.httpsPort].includes(port),
  );
  const name = hostName(host).toLowerCase();
  if (byPort !== undefined && another === undefined && port !== 0) return byPort;
  const named = all.find(({ table }) => namesHost(table, name));
  return named ?? all.find(({ table }) => table.entryPoints.some((point) => point.port === port)) ?? first;
}

function namesHost({ entryPoints, unserved }: RouteTable, name: string): boolean {
  return !unserved.has(name) && entryPoints.some(({ selection }) => isHostOf(selection, name));
}

function isHostOf(selection: Selection, name: string): boolean {
  if (selection.kind === "hosts") return isNamed(selection, name);
  return selection.host.entries.some(
    ({ match: { hosts = [], when } }) =>
      hosts.some((match) => isCovered(name, match, "some")) ||
      hostsIn(when).some((match) => isCovered(name, match, "some")),
  );
}

function hostsIn(condition: Condition | undefined): readonly HostMatch[] {
  if (condition?.kind === "host") return [condition.host];
  return condition?.kind === "all" || condition?.kind === "one-of" ? condition.of.flatMap(hostsIn) : [];
}
