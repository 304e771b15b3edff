import type { RouteGuard } from "../../step/guard.ts";
import type { Step } from "../../step/step.ts";
import type { TakenStep } from "../predict/work-out.ts";

/** Annotations without prefix, or options of the ConfigMap, that ask for a step; likeliest first. */
type Settings = readonly string[];

/** Of the steps that always have the same. */
const SETTINGS: Readonly<Partial<Record<Step["kind"], Settings>>> = {
  "client-certificate": ["auth-tls-secret"],
  "body-limit": ["proxy-body-size", "proxy-request-buffering"],
  cors: ["enable-cors"],
  "error-pages": ["custom-http-errors"],
  fastcgi: ["backend-protocol"],
  forwarded: ["use-forwarded-headers", "forwarded-for-header", "generate-request-id"],
  hsts: ["hsts"],
  mirror: ["mirror-target"],
  "response-rewrites": ["proxy-redirect-from", "proxy-cookie-domain", "proxy-cookie-path"],
  rewrite: ["rewrite-target"],
  errors: ["custom-http-errors"],
  "hash-by": ["upstream-hash-by"],
  "passed-certificate": ["auth-tls-pass-certificate-to-upstream"],
  "root-redirect": ["app-root"],
  "sent-host": ["upstream-vhost"],
  "ssl-redirect": ["force-ssl-redirect", "ssl-redirect"],
  "template-rewrite": ["rewrite-target"],
};

/** Annotations that set one header of the backend's request. */
const REQUEST_HEADERS: Readonly<Record<string, Settings>> = {
  Host: ["upstream-vhost"],
  Connection: ["connection-proxy-header"],
  "X-Forwarded-Prefix": ["x-forwarded-prefix"],
};

/** `header`: the one that the step sets, where it is about one. */
export function settingsOf(taken: TakenStep, header: string | undefined): Settings {
  if (taken.of === "host") return settingsOfHost(taken);
  const { step, at } = taken;
  switch (step.kind) {
    case "guard":
      return settingsOfGuard(step.guard);
    case "headers":
      if (step.beside !== undefined) return ["proxy-set-headers"];
      if (step.request !== undefined) return REQUEST_HEADERS[header ?? ""] ?? [];
      return step.response !== undefined && step.response !== at.table.options.everywhere
        ? ["custom-headers"]
        : ["add-headers", "hide-headers", "server-tokens", "allow-backend-server-header"];
    case "https":
      return step.when === "always" ? ["force-ssl-redirect"] : ["ssl-redirect"];
    case "redirect":
    case "url-redirect":
      return [step.annotation];
    default:
      return SETTINGS[step.kind] ?? [];
  }
}

function settingsOfGuard(guard: RouteGuard): Settings {
  switch (guard.kind) {
    case "limits":
      return [...guard.rates.map(({ annotation }) => annotation), "limit-connections"];
    case "addresses":
      return ["denylist-source-range", "allowlist-source-range", "whitelist-source-range"];
    case "basic-auth":
    case "digest-auth":
      return ["auth-type"];
    case "external-auth":
      return ["auth-url", "global-auth-url"];
    case "forward-auth":
      return ["auth-url"];
    case "any-of":
      return ["satisfy"];
    case "health":
      return [];
  }
}

function settingsOfHost({ step }: Extract<TakenStep, { of: "host" }>): Settings {
  switch (step.kind) {
    case "client-certificate":
    case "closed":
    case "tls-options":
      return ["auth-tls-secret"];
    case "certificate-subject":
      return ["auth-tls-match-cn"];
    case "blocked":
      return step.lists.map(({ option }) => option);
    case "host-redirect":
      return ["from-to-www-redirect"];
    case "app-root":
      return ["app-root"];
    case "server-name":
      return [];
  }
}
