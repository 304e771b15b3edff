import { CORS_COMPANIONS, CORS_DEFAULTS } from "../../../../compile/ingress-nginx/annotations/cors.ts";
import type { MadeFields } from "../../made.ts";
import { maxAgeIn, methodsIn, NO_ORIGIN, uniqueItems } from "../../nginx/cors-lists.ts";
import { isOf } from "../../nginx/lost.ts";
import type { IngressParts } from "../parts.ts";

/** The filter CORS of HTTPRoutes. */
export function corsParts(parts: IngressParts): void {
  parts.done("enable-cors", ...CORS_COMPANIONS);
  const { annotations } = parts.nginx;
  if (annotations.boolean("enable-cors") !== true) return;
  const exposed = uniqueItems(parts.text("cors-expose-headers"));
  const filter: MadeFields = {
    allowOrigins: parts.of("cors-allow-origin", originsOf(parts)),
    allowCredentials: parts.of(
      "cors-allow-credentials",
      annotations.boolean("cors-allow-credentials") ?? true,
    ),
    allowMethods: parts.of("cors-allow-methods", methodsOf(parts)),
    allowHeaders: parts.of(
      "cors-allow-headers",
      uniqueItems(parts.text("cors-allow-headers") ?? CORS_DEFAULTS.headers),
    ),
    exposeHeaders: exposed.length === 0 ? undefined : parts.of("cors-expose-headers", exposed),
    maxAge: parts.of("cors-max-age", maxAgeIn(annotations, 1)),
  };
  parts.filter("enable-cors", { type: "CORS", cors: filter });
  const { ingress } = parts;
  parts.say(
    "enable-cors",
    "Envoy answers preflights with 200 and nginx with 204; other answers get no Allow-Methods, Allow-Headers and Max-Age, which browsers read in preflights alone",
    (difference) => {
      if (!isOf(ingress, difference)) return undefined;
      const [a] = difference.first.why;
      const [b] = difference.second.why;
      const isPreflight = a?.code === "cors-preflight" || b?.code === "cors-preflight";
      return { aspects: isPreflight ? "answer" : undefined, responseHeaders: CORS_HEADERS };
    },
  );
}

const CORS_HEADERS = ["origin", "methods", "headers", "credentials"]
  .map((part) => `access-control-allow-${part}`)
  .concat("access-control-expose-headers", "access-control-max-age", "vary");

/** The API takes a star for the first labels alone. */
const ORIGIN = /^https?:\/\/(?:\*\.)?(?:[a-z0-9-]+\.)*[a-z0-9-]+(?::\d{1,5})?$/i;
/** Those that the API knows. */
const METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"];

function methodsOf(parts: IngressParts): readonly string[] {
  const name = "cors-allow-methods";
  const methods = methodsIn(parts.nginx.annotations);
  const taken = methods.filter((method) => METHODS.includes(method));
  const others = methods.filter((method) => !taken.includes(method));
  if (others.length > 0)
    parts.say(name, `${others.join(", ")} is no method for Gateway API, and is left out`, {
      responseHeaders: ["access-control-allow-methods"],
    });
  return taken;
}

function originsOf(parts: IngressParts): readonly string[] {
  const name = "cors-allow-origin";
  const origins = uniqueItems(parts.text(name) ?? "*");
  if (origins.includes("*")) return ["*"];
  const taken = origins.filter((origin) => ORIGIN.test(origin));
  const others = origins.filter((origin) => !taken.includes(origin));
  if (others.length > 0)
    parts.say(name, `${others.join(", ")} is no origin for Gateway API, and is left out`, {
      aspects: "answer",
    });
  return taken.length > 0 ? taken : [NO_ORIGIN];
}
