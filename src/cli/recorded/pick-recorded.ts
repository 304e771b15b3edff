import type { RecordedRequest } from "../../har/recorded.ts";
import { headerIn } from "../../request/header-line.ts";
import { withoutPort } from "../../request/host.ts";
import { pick } from "../routing/pick.ts";
import type { Routing, Routings } from "../routing.ts";

/** The controller of a recorded request. Ports of a recording are not those of today, so the name alone decides. */
export function pickRecorded(
  all: Routings["all"],
  { host, headers }: Pick<RecordedRequest, "host" | "headers">,
): Routing {
  return pick(all, withoutPort(headerIn(headers, "host") ?? host));
}
