import type { Ports, Scheme } from "../../model/decision.ts";
import { hostName } from "../../request/host.ts";
import { OPTIONS } from "../options.ts";

/** Where a redirect leads, in a form that is equal here and in production. */
export type ReadLocation = (
  location: string,
  from: { readonly scheme: Scheme; readonly host: string },
) => string;

/** The proxy's listeners, and the usual ones: a recording may be of either. */
export function listenersOf({ http, https }: Ports): readonly number[] {
  return [http, https, OPTIONS.httpPort.fallback, OPTIONS.httpsPort.fallback];
}

const ABSOLUTE = /^(https?):\/\/([^/?#]*)(.*)$/i;

/**
 * Without the ports of listeners, which are others here than in production, and without the difference between a path and
 * the same path as a URL. `ports`: of listeners, here and in the recording; more may be added later
 */
export function locationReader(ports: ReadonlySet<number>): ReadLocation {
  const isUsual = (port: string) => ["", "80", "443"].includes(port) || ports.has(Number(port));
  return (location, from) => {
    const isPath = location.startsWith("/") && !location.startsWith("//");
    const absolute = isPath ? `${from.scheme}://${from.host}${location}` : location;
    const [, scheme = "", authority = "", rest = ""] = ABSOLUTE.exec(absolute) ?? [];
    if (scheme === "") return location;
    const port = /:(\d+)$/.exec(authority)?.[1] ?? "";
    const shown = isUsual(port) ? "" : `:${port}`;
    return `${scheme.toLowerCase()}://${hostName(authority)}${shown}${rest === "" ? "/" : rest}`;
  };
}
