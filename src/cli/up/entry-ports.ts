import type { ListenerEvent, ServedListener } from "../../model/event.ts";
import type { EntryPoint } from "../../model/route/selection.ts";
import type { OpenPort, Proxy as RunningProxy } from "../../proxy/proxy.ts";

/** The local ports of a table's entry points: the usual two for the first of each scheme, a free one for any other. */
export interface EntryPorts {
  /** Opens and closes what has come and gone. */
  readonly update: (entryPoints: readonly EntryPoint[]) => Promise<void>;
  readonly listeners: () => readonly ServedListener[];
  /** Tells of changes from now on. */
  readonly tellChanges: () => void;
}

interface Opened {
  readonly port: OpenPort;
  /** The key of the entry point that it was opened for: the proxy knows its requests by that name. */
  readonly by: string;
  readonly told: ServedListener;
}

export function createEntryPorts(
  controller: string,
  proxy: Pick<RunningProxy, "http" | "https" | "open">,
  tell: (event: ListenerEvent) => void,
): EntryPorts {
  const opened = new Map<string, Opened>();
  let usual: readonly ServedListener[] = [];
  let isTelling = false;
  let working = Promise.resolve();
  const told = (point: EntryPoint, here: Pick<OpenPort, "address" | "port">) => {
    const { name, scheme, port, gateway, protocol = scheme === "http" ? "HTTP" : "HTTPS" } = point;
    return {
      ...{ controller, gateway, name: ownName(name, gateway), protocol },
      ...{ port, address: here.address, localPort: here.port },
    };
  };
  const tellOf = (state: ListenerEvent["state"], listener: ServedListener) => {
    if (isTelling) tell({ type: "listener", state, ...listener });
  };
  const change = async (entryPoints: readonly EntryPoint[]) => {
    const isFirst = (point: EntryPoint) => {
      const first = entryPoints.find(({ scheme }) => scheme === point.scheme);
      return first !== undefined && sharesPort(first, point);
    };
    // One name may have a port of either scheme, and several entry points.
    const byKey = new Map(entryPoints.map((point) => [`${point.scheme} ${point.name}`, point]));
    usual = [...byKey.values()].filter(isFirst).map((point) => told(point, proxy[point.scheme]));
    const isSecond = ({ name }: EntryPoint, key: string) =>
      [...byKey].find(([, point]) => point.name === name)?.[0] !== key;
    const wanted = new Map(
      [...byKey].filter(([key, point]) => !isFirst(point) && !(isSecond(point, key) && isIdle(point))),
    );
    const isKept = (key: string, by: string) => {
      const [point, opener] = [wanted.get(key), wanted.get(by)];
      return point !== undefined && opener !== undefined && sharesPort(opener, point);
    };
    for (const [key, { port, by, told: listener }] of opened) {
      if (isKept(key, by)) continue;
      opened.delete(key);
      if (![...opened.values()].some((other) => other.port === port)) port.close();
      tellOf("closed", listener);
    }
    for (const [key, point] of wanted) {
      const known = opened.get(key);
      const [beside] = [...wanted].find(([other, at]) => sharesPort(at, point) && opened.has(other)) ?? [];
      const from = known ?? (beside === undefined ? undefined : opened.get(beside));
      const { port, by } = from ?? { port: await proxy.open(point.scheme, point.name), by: key };
      const listener = told(point, port);
      opened.set(key, { port, by, told: listener });
      if (known === undefined) tellOf("listening", listener);
    }
  };
  return {
    update(entryPoints) {
      working = working.catch(() => undefined).then(() => change(entryPoints));
      return working;
    },
    listeners: () => [...usual, ...[...opened.values()].map((each) => each.told)],
    tellChanges: () => {
      isTelling = true;
    },
  };
}

/** An entry point of Traefik takes both schemes: the one that no route has needs no port. */
function isIdle({ selection }: EntryPoint): boolean {
  return selection.kind === "list" && selection.host.entries.length === 0;
}

/** Listeners of a Gateway share its ports: the name in the handshake tells them apart. */
function sharesPort(a: EntryPoint, b: EntryPoint): boolean {
  if (a === b) return true;
  return a.gateway !== undefined && a.gateway === b.gateway && a.port === b.port && a.scheme === b.scheme;
}

/** `alt` for the listener `default/gw/alt` of the Gateway `default/gw`. */
function ownName(name: string, gateway: string | undefined): string {
  return gateway !== undefined && name.startsWith(`${gateway}/`) ? name.slice(gateway.length + 1) : name;
}
