import { CORS_COMPANIONS, CORS_DEFAULTS } from "../../../../compile/ingress-nginx/annotations/cors.ts";
import type { MadeFields } from "../../made.ts";
import { maxAgeIn } from "../../nginx/cors-lists.ts";
import { isOf } from "../../nginx/lost.ts";
import type { TraefikParts } from "../parts.ts";
import { commaSeparated } from "./access.ts";

/** CORS, headers of answers, and headers that Services get. */
export function headerFeatures(parts: TraefikParts): void {
  const cors = corsFields(parts);
  if (cors !== undefined) parts.chain.push(parts.middleware("cors", { headers: cors }));
  const { responseHeaders, requestHeaders } = parts.nginx.settings.location;
  if (responseHeaders !== undefined) {
    const customResponseHeaders = parts.of("custom-headers", Object.fromEntries(responseHeaders));
    parts.chain.push(parts.middleware("headers", { headers: { customResponseHeaders } }));
    parts.done("custom-headers");
  }
  const sent: Record<string, ReturnType<TraefikParts["of"]>> = {};
  const { host, prefix } = requestHeaders ?? {};
  if (host !== undefined && !host.source.includes("$")) {
    sent.Host = parts.of("upstream-vhost", host.source);
    parts.done("upstream-vhost");
    parts.say("upstream-vhost", "X-Forwarded-Host keeps what the client asked for", {
      requestHeaders: ["host", "x-forwarded-host"],
    });
  }
  if (prefix !== undefined && !prefix.source.includes("$")) {
    sent["X-Forwarded-Prefix"] = parts.of("x-forwarded-prefix", prefix.source);
    parts.done("x-forwarded-prefix");
  }
  if (Object.keys(sent).length > 0)
    parts.chain.push(parts.middleware("sent", { headers: { customRequestHeaders: sent } }));
}

function corsFields(parts: TraefikParts): MadeFields | undefined {
  parts.done("enable-cors", ...CORS_COMPANIONS);
  const { annotations, settings } = parts.nginx;
  if (settings.location.cors === undefined) return undefined;
  const exposed = commaSeparated(parts.text("cors-expose-headers"));
  parts.say(
    "enable-cors",
    "preflights are answered 200, an OPTIONS that is none reaches the Service, and other answers get no Allow-Methods and Allow-Headers",
    (difference) => {
      if (!isOf(parts.ingress, difference)) return undefined;
      const isOptions = difference.request.method === "OPTIONS";
      return { aspects: isOptions ? "answer" : undefined, responseHeaders: CORS };
    },
  );
  return {
    ...originFields(parts),
    accessControlAllowCredentials: parts.of(
      "cors-allow-credentials",
      annotations.boolean("cors-allow-credentials") ?? true,
    ),
    accessControlAllowMethods: parts.of(
      "cors-allow-methods",
      commaSeparated(parts.text("cors-allow-methods") ?? CORS_DEFAULTS.methods),
    ),
    accessControlAllowHeaders: parts.of(
      "cors-allow-headers",
      commaSeparated(parts.text("cors-allow-headers") ?? CORS_DEFAULTS.headers),
    ),
    accessControlExposeHeaders: exposed.length === 0 ? undefined : parts.of("cors-expose-headers", exposed),
    accessControlMaxAge: parts.of("cors-max-age", maxAgeIn(annotations, -1)),
  };
}

const CORS = [
  ...["origin", "methods", "headers", "credentials"].map((part) => `access-control-allow-${part}`),
  ...["access-control-max-age", "access-control-expose-headers", "vary"],
];

/** A star inside of a host is a pattern: one label or more. */
function originFields(parts: TraefikParts): MadeFields {
  const origins = commaSeparated(parts.text("cors-allow-origin") ?? "*");
  const isAny = origins.length === 0 || origins.includes("*");
  const plain = isAny ? ["*"] : origins.filter((origin) => !origin.includes("*"));
  const patterns = isAny ? [] : origins.filter((origin) => origin.includes("*"));
  return {
    accessControlAllowOriginList: plain.length === 0 ? undefined : parts.of("cors-allow-origin", plain),
    accessControlAllowOriginListRegex:
      patterns.length === 0
        ? undefined
        : parts.of(
            "cors-allow-origin",
            patterns.map((origin) => `^${inPattern(origin)}$`),
          ),
  };
}

export function inPattern(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", "[A-Za-z0-9-]+");
}
