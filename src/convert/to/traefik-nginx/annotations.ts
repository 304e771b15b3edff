import { PREFIX } from "../../../compile/nginx-annotations/prefix.ts";
import { READ_NAMES, UNREAD, UNREAD_EFFECTS } from "../../../compile/traefik-nginx/names.ts";
import type { FieldEdit } from "../edited.ts";
import { TOLD } from "../nginx/client-certificates.ts";
import { NO_FASTCGI, ofFastCgi } from "../nginx/fastcgi.ts";
import { FATES } from "../nginx/losses.ts";
import {
  annotationField,
  hostAskedOf,
  isAtHostOf,
  isOf,
  lostAnnotation,
  nginxAnnotationsOf,
  ofIngress,
} from "../nginx/lost.ts";
import { sessionDifference } from "../nginx/sessions.ts";
import type { IngressSource } from "../sources.ts";
import { type ExplainedParts, type Explains, type KnownChange, OF_GUARDS } from "../target.ts";
import { passwordsOf } from "../traefik/passwords.ts";

/** What becomes of an Ingress's annotations. */
export interface AnnotationDraft {
  readonly edits: FieldEdit[];
  readonly changes: KnownChange[];
}

export function annotationPlace(name: string): readonly string[] {
  return ["metadata", "annotations", PREFIX + name];
}

/** Annotations that Traefik reads otherwise, one by one. */
export function annotationDraft(source: IngressSource): AnnotationDraft {
  const draft: AnnotationDraft = { edits: [], changes: [] };
  for (const name of nginxAnnotationsOf(source)) {
    const value = source.ingress.metadata.annotations.get(PREFIX + name) ?? "";
    if (isNothing(source, name, value)) {
      draft.edits.push({ place: annotationPlace(name) });
      continue;
    }
    const trimmed = value.trim();
    // nginx does without the blanks around some values, and Traefik reads them.
    if (trimmed !== value && source.nginx?.annotations.text(name) === trimmed && !UNREAD.has(name))
      draft.edits.push({ place: annotationPlace(name), value: trimmed });
    if (UNREAD.has(name)) drop(source, name, draft);
    else if (READ_NAMES.get(name) === "boolean") boolean(name, value, draft);
    else TREATED.get(name)?.(source, value, draft);
    const said = OTHERWISE.get(name);
    if (said !== undefined && value !== "" && value !== "false") {
      const { ingress } = source;
      const [message, parts] = said;
      const explains = typeof parts === "function" ? parts(source) : ofIngress(ingress, parts);
      draft.changes.push({ ...{ ingress, field: annotationField(name), message, explains }, fix: DECIDE });
    }
  }
  return draft;
}

/** As good as none for nginx, and a value for Traefik. */
function isNothing({ ingress, nginx }: IngressSource, name: string, value: string): boolean {
  // An empty list of addresses refuses everybody.
  if (value === "") return name !== "allowlist-source-range" || ingress.metadata.annotations.has(WHITELIST);
  if (name === "rewrite-target" && ingress.spec.rules.length === 0) return true;
  const form = READ_NAMES.get(name);
  const isIgnored = form === "boolean" || form === "integer" || name === "proxy-next-upstream";
  return isIgnored && nginx?.annotations.text(name) === undefined;
}

const WHITELIST = `${PREFIX}whitelist-source-range`;
const DECIDE = "Decide whether it matters.";

/** Nothing reads it there: a reader of the manifest would think otherwise. */
function drop(source: IngressSource, name: string, { edits, changes }: AnnotationDraft): void {
  edits.push({ place: annotationPlace(name) });
  const { ingress } = source;
  const effect = UNREAD_EFFECTS.get(name);
  const why = `Traefik does not read it${effect === undefined ? "" : `: ${effect}`}`;
  const fate = FATES.get(name);
  const parts = fate?.kind === "lost" ? fate.loss.parts : {};
  const { aspects = [] } = parts;
  const isGuard = aspects !== "answer" && aspects.includes("guards");
  changes.push({
    ...{ ingress, field: annotationField(name), message: why, fix: DECIDE },
    explains: ofIngress(ingress, { ...parts, aspects: isGuard ? OF_GUARDS : withSettings(aspects) }),
  });
}

function withSettings(aspects: NonNullable<ExplainedParts["aspects"]>): ExplainedParts["aspects"] {
  return aspects === "answer" ? aspects : ["settings", ...aspects];
}

/** `true` alone is true there. */
function boolean(name: string, value: string, { edits }: AnnotationDraft): void {
  if (/^(?:1|t|T)$/.test(value)) edits.push({ place: annotationPlace(name), value: "true" });
  if (/^(?:0|f|F)$/.test(value)) edits.push({ place: annotationPlace(name), value: "false" });
}

type Treat = (source: IngressSource, value: string, draft: AnnotationDraft) => void;

const TREATED: ReadonlyMap<string, Treat> = new Map<string, Treat>([
  [
    "backend-protocol",
    ({ ingress, nginx }, _, { changes }) => {
      if (nginx?.settings.transport.protocol !== "FCGI") return;
      const field = annotationField("backend-protocol");
      changes.push({ ingress, field, message: NO_FASTCGI, fix: DECIDE, explains: ofFastCgi(ingress) });
    },
  ],
  [
    "rewrite-target",
    ({ ingress }, value, { edits, changes }) => {
      if (!/^\/(?:[^$ ?]|\$\d)*$/.test(value))
        changes.push({
          ...{ ingress, field: annotationField("rewrite-target"), fix: DECIDE },
          message: /^[a-z][a-z\d+.-]*:/i.test(value)
            ? "it is a URL, and Traefik redirects to it whatever follows"
            : "it is no path, or has variables of nginx: Traefik takes it by its letters",
          explains: ofIngress(ingress, ALL),
        });
      // `$1abc` is the group 1abc in a Go template.
      const braced = value.replace(/\$(\d)(?=\w)/g, "$${$1}");
      if (braced !== value) edits.push({ place: annotationPlace("rewrite-target"), value: braced });
    },
  ],
  [
    "proxy-body-size",
    ({ ingress }, _, { edits, changes }) => {
      changes.push({
        ...{ ingress, field: annotationField("proxy-body-size"), fix: DECIDE, when: "shown" },
        message: "Traefik reads this size otherwise, and refuses smaller bodies (413)",
        explains: (difference) =>
          isOf(ingress, difference) && difference.second.behaviour.status === 413 ? ALL : undefined,
      });
      const buffering = "proxy-request-buffering";
      if (!ingress.metadata.annotations.has(PREFIX + buffering))
        edits.push({ place: annotationPlace(buffering), value: "on" });
    },
  ],
  [
    "server-alias",
    ({ ingress }, value, { edits, changes }) => {
      const names = value.split(",").map((name) => name.trim());
      const kept = names.filter((name) => name !== "" && !name.startsWith("~"));
      if (kept.length === names.length) return;
      const place = annotationPlace("server-alias");
      edits.push(kept.length === 0 ? { place } : { place, value: kept.join(",") });
      const what = "an alias that is an expression matches nothing there, and is taken out";
      if (names.some((name) => name.startsWith("~")))
        changes.push(lostAnnotation(ingress, "server-alias", what));
    },
  ],
  [
    "custom-headers",
    (source, _, { edits, changes }) => {
      edits.push({ place: annotationPlace("custom-headers") });
      const what =
        "Traefik answers 503 unless globalAllowedResponseHeaders lists each of its headers: it is taken out";
      changes.push(lostAnnotation(source.ingress, "custom-headers", what));
    },
  ],
]);

const GUARDS: ExplainedParts = { aspects: ["guards", "status"] };
const HEADERS = ["origin", "methods", "headers", "credentials"].map((part) => `access-control-allow-${part}`);
const CORS: ExplainedParts = {
  responseHeaders: [...HEADERS, "access-control-max-age", "access-control-expose-headers", "vary"],
};

/** Of OPTIONS everything. */
function corsOf({ ingress }: IngressSource): Explains {
  return (difference) => {
    if (!isOf(ingress, difference)) return undefined;
    return difference.request.method === "OPTIONS" ? { ...CORS, ...ALL } : CORS;
  };
}

/** Of the main Ingress, whose share it is. */
function canaryOf({ ingress }: IngressSource): Explains {
  const hosts = new Set(ingress.spec.rules.map(({ host }) => host));
  return ({ first, aspects }) =>
    hosts.has(first.rule?.host ?? "") && aspects.includes("canary")
      ? { aspects: ["canary", "service"] }
      : undefined;
}

/** nginx asks for certificates at a host, before it looks for a path. */
function certificatesOfHost(source: IngressSource): Explains {
  return (difference) => {
    const isAsked = difference.first.why[0]?.code === "client-certificate";
    const isHost = isAsked && isAtHostOf(source.ingress, difference);
    // nginx tells the backends of the whole host.
    if (isHost || isOf(source.ingress, difference)) return { ...ALL, requestHeaders: TOLD };
    return isAtHostOf(source.ingress, difference) ? { requestHeaders: TOLD } : undefined;
  };
}

/** nginx has the paths of all Ingresses of the host. */
function aliasOf({ ingress }: IngressSource): Explains {
  const value = ingress.metadata.annotations.get(`${PREFIX}server-alias`) ?? "";
  const aliases = new Set(value.split(",").map((name) => name.trim().toLowerCase()));
  return (difference) => {
    const isAlias = difference.aliasOf !== undefined && isAtHostOf(ingress, difference);
    return isAlias || aliases.has(hostAskedOf(difference)) ? ALL : undefined;
  };
}

const ALL: ExplainedParts = { aspects: "answer" };
const LIMITED = "it answers 429, counts each path alone, and lets one request less through at once";

type Otherwise = readonly [message: string, parts: ExplainedParts | ((source: IngressSource) => Explains)];

/** Of requests to the Service of error pages; Traefik spells some otherwise. */
const ERROR_HEADERS = [
  ...["connection", "x-code", "x-format", "x-forwarded-for", "x-ingress-name", "x-namespace"],
  ...["x-namespaces", "x-original-uri", "x-request-id", "x-service-name", "x-service-port"],
];

/** Annotations that Traefik reads, and that come to something else all the same. */
const OTHERWISE: ReadonlyMap<string, Otherwise> = new Map<string, Otherwise>([
  [
    "canary",
    [
      "it has to have the host, path, path type and namespace of its main path, and by header it takes longer paths too",
      canaryOf,
    ],
  ],
  ["upstream-hash-by", ["Traefik chooses pods by another hash", { aspects: ["settings"] }]],
  ["server-alias", ["an alias has the paths of this Ingress alone", aliasOf]],
  ["ssl-passthrough", ["http is answered 404, and a second Ingress of the host ends it", ALL]],
  ["limit-rps", [LIMITED, GUARDS]],
  ["limit-rpm", [LIMITED, GUARDS]],
  ["limit-connections", ["it answers 429 in place of 503", GUARDS]],
  [
    "enable-cors",
    [
      "preflights are answered 200, and other requests get no Allow-Methods and no Allow-Headers; an OPTIONS that is no preflight reaches the Service",
      corsOf,
    ],
  ],
  [
    "auth-url",
    ["the service is told of requests in X-Forwarded-… alone, and its other answers are passed on", GUARDS],
  ],
  [
    "auth-type",
    [
      "the realm's default is traefik, and the password is not asked for at spec.defaultBackend",
      ({ ingress }) => passwordsOf(ingress),
    ],
  ],
  [
    "affinity",
    [
      "the session cookie has another value: every session begins anew",
      ({ ingress, nginx }) => (nginx === undefined ? () => undefined : sessionDifference({ ingress, nginx })),
    ],
  ],
  ["app-root", ["it redirects only where a path of this Ingress takes `/`", { aspects: "answer" }]],
  [
    "permanent-redirect",
    [
      "it answers only below the paths of this Ingress, and nginx's variables are empty in it",
      { aspects: "answer" },
    ],
  ],
  [
    "temporal-redirect",
    [
      "it answers only below the paths of this Ingress, and nginx's variables are empty in it",
      { aspects: "answer" },
    ],
  ],
  [
    "custom-http-errors",
    [
      "it works with default-backend alone, whose Service is asked for `/` without the query",
      { aspects: ["settings", "kind", "status", "path"], requestHeaders: ERROR_HEADERS },
    ],
  ],
  [
    "auth-tls-secret",
    [
      "without a certificate the handshake fails, and nobody is asked if another Ingress of the host has other settings",
      certificatesOfHost,
    ],
  ],
  [
    "upstream-vhost",
    ["it is sent as X-Forwarded-Host as well by nginx", { requestHeaders: ["host", "x-forwarded-host"] }],
  ],
]);
