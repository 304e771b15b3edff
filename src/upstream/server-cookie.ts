import { createHash } from "node:crypto";
import type { Choice, HeaderLine } from "../model/decision.ts";
import type { ServerCookie } from "../model/route/server-cookie.ts";
import type { Resolution, Upstream } from "../model/upstream.ts";
import { type RandomAndTime, type Rotation, takeTurn } from "./rotation.ts";

type ByCookie = Choice & { readonly kind: "server-cookie" };

/** The endpoint that the client's cookie names, else the next in turn, with a cookie. */
export function chooseByServerCookie(
  rotation: Rotation,
  choice: ByCookie,
  tried: readonly string[] | undefined,
  { now }: RandomAndTime,
): Resolution {
  const found = endpointOf(rotation, choice, tried);
  if (found.kind === "none") return found;
  const { cookie, ofShare = [], sent } = choice;
  const lines = ofShare.map(
    (session): HeaderLine => ["Set-Cookie", cookieText(session.cookie, session.key, now())],
  );
  if (cookie !== undefined && !sent.includes(keyOf(found.upstream)))
    lines.push(["Set-Cookie", cookieText(cookie, keyOf(found.upstream), now())]);
  return lines.length === 0 ? found : { ...found, addedHeaders: lines };
}

function endpointOf(
  rotation: Rotation,
  { cookie, sent }: ByCookie,
  tried: readonly string[] | undefined,
): Resolution {
  if (cookie === undefined) return takeTurn(rotation, tried);
  const isTried = ({ name }: Upstream) => tried?.includes(name) === true;
  const known = rotation.choices.find(
    (each) => each.kind === "upstream" && sent.includes(keyOf(each.upstream)) && !isTried(each.upstream),
  );
  return known ?? takeTurn(rotation, tried);
}

const SCHEMES: Readonly<Record<Upstream["protocol"], string>> = {
  http: "http",
  https: "https",
  grpc: "h2c",
  grpcs: "https",
  fcgi: "http",
};

/** Of the endpoint's URL: 16 hexadecimal digits. */
function keyOf({ protocol, address, name }: Upstream): string {
  const url = `${SCHEMES[protocol]}://${address ?? name}`;
  return createHash("sha256").update(url).digest("hex").slice(0, 16);
}

/** As net/http writes it. */
function cookieText(cookie: ServerCookie, value: string, now: number): string {
  const { name, path, domain, expires, maxAge, httpOnly, secure, sameSite } = cookie;
  return [
    `${name}=${value}`,
    ...(path === "" ? [] : [`Path=${path}`]),
    ...(domain === undefined ? [] : [`Domain=${domain}`]),
    ...(expires === undefined ? [] : [`Expires=${new Date(now + expires * 1000).toUTCString()}`]),
    ...(maxAge === 0 ? [] : [`Max-Age=${Math.max(maxAge, 0)}`]),
    ...(httpOnly ? ["HttpOnly"] : []),
    ...(secure ? ["Secure"] : []),
    ...(sameSite === undefined ? [] : [`SameSite=${sameSite}`]),
  ].join("; ");
}
