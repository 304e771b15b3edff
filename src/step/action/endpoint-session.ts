import type { Choice } from "../../model/decision.ts";
import type { EndpointSession } from "../../model/route/endpoint-session.ts";
import type { Arrival } from "../arrival.ts";
import { cookiesNamed } from "./session.ts";

/** The endpoint of a session. `undefined`: the path is not the cookie's (cookie.cc, requestPathMatch) */
export function endpointChoice(session: EndpointSession, at: Arrival): Choice | undefined {
  const { kind, name, path } = session;
  const { request } = at;
  if (kind === "header")
    return { kind: "endpoint-session", session, sent: request.header(name.toLowerCase()) };
  const asked = at.path.path;
  const isCovered =
    path === "/" || asked === path || asked.startsWith(path.endsWith("/") ? path : `${path}/`);
  if (!isCovered) return undefined;
  const [sent] = cookiesNamed(request, name);
  return { kind: "endpoint-session", session, sent: sent?.replace(/^"(.*)"$/, "$1") };
}
