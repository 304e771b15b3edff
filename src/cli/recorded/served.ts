import { isIP } from "node:net";
import type { RecordedRequest } from "../../har/recorded.ts";
import type { RouteTable } from "../../model/route.ts";
import { headerIn } from "../../request/header-line.ts";
import { hostName } from "../../request/host.ts";
import { isNamed } from "../../select/host.ts";

/** True for hosts that an Ingress names. A rule for every host serves names of this computer, not those of other sites. */
export function isServed(table: RouteTable, { scheme, host, headers }: RecordedRequest): boolean {
  const name = hostName(headerIn(headers, "host") ?? host);
  const points = table.entryPoints.filter((point) => point.scheme === scheme);
  if (points.some(({ selection }) => isNamed(selection, name))) return true;
  const isHere = name === "localhost" || isIP(name) !== 0 || name.startsWith("[");
  return isHere && table.routes.some(({ rule }) => rule === undefined || rule.host === "");
}
