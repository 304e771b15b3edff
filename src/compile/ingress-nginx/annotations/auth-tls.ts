import type { Pattern } from "../../../model/pattern.ts";
import type { ClientAuth } from "../../../model/tls/server-tls.ts";
import { compilePattern } from "../../../pcre/pattern.ts";
import type { Annotations, Feature } from "../annotations.ts";
import { withNote } from "../settings.ts";
import { settleAuthSecret } from "../values/auth-secret.ts";
import { sayUnread } from "../values/unused.ts";
import { documented } from "./documented.ts";

const SECRET = "auth-tls-secret";
const OTHERS = [
  "auth-tls-verify-client",
  "auth-tls-verify-depth",
  "auth-tls-error-page",
  "auth-tls-pass-certificate-to-upstream",
  "auth-tls-match-cn",
];

/**
 * `auth-tls-*` (annotations/authtls/main.go), read only beside `auth-tls-secret`. An unusable Secret closes
 * the whole server: `return 403` (annotations.go, AuthTLSError; nginx.tmpl).
 */
export const authTls: Feature = {
  annotations: documented("Client certificates", {
    Low: "auth-tls-verify-depth auth-tls-pass-certificate-to-upstream",
    Medium: "auth-tls-secret auth-tls-verify-client",
    High: "auth-tls-error-page auth-tls-match-cn",
  }),
  apply: (annotations, settings) => {
    const value = annotations.text(SECRET);
    if (value === undefined) {
      if (!annotations.has(SECRET)) sayUnread(annotations, OTHERS, SECRET);
      return settings;
    }
    const here = "a certificate for clients is made up, which up prints";
    const secret = settleAuthSecret(annotations, {
      annotation: SECRET,
      value,
      here,
      otherwise: "forbid-hosts",
    });
    const named = annotations.nameOf(SECRET);
    if ("why" in secret) {
      const text = `${named} closes the host, because ${secret.why}`;
      const forbidden = annotations.because(SECRET, text);
      return { ...settings, server: { ...settings.server, forbidden } };
    }
    const { crl } = secret;
    const standsInFor = secret.isAbsent && secret.name;
    // Only the made-up certificate is valid; without one nobody comes in.
    const ca = standsInFor === undefined ? secret.ca : madeUp(annotations, standsInFor);
    if (ca === undefined && standsInFor === undefined) {
      const what = `the Secret ${secret.name} has no ca.crt, so that no client is asked for a certificate`;
      annotations.report.bad(SECRET, what, "Add the ca.crt to the Secret.", "use-default");
    }
    const asked = ca !== undefined || standsInFor !== undefined;
    const depth = readDepth(annotations, asked) ?? 0;
    const clientAuth = readClientAuth(annotations, { named, asked, standsInFor });
    const clients =
      ca === undefined || clientAuth.verify === "off"
        ? undefined
        : { ca, crl, depth: depth === 0 ? 1 : depth };
    const settled = { ...settings, server: { ...settings.server, clientAuth, clients } };
    return clients === undefined && standsInFor === undefined
      ? settled
      : withNote(
          settled,
          annotations.because(SECRET, `clients are asked for a certificate (${clientAuth.verify}): ${named}`),
        );
  },
};

function madeUp({ world }: Annotations, secret: string): string | undefined {
  return world.here.authorities.get(secret);
}

function readDepth(annotations: Annotations, isAsked: boolean): number | undefined {
  const name = "auth-tls-verify-depth";
  if (!isAsked) return annotations.integer(name);
  return annotations.notNegative(name, '"ssl_verify_depth" directive invalid number');
}

const VERIFY: readonly ClientAuth["verify"][] = ["on", "off", "optional", "optional_no_ca"];

function readClientAuth(
  annotations: Annotations,
  known: Pick<ClientAuth, "named" | "asked" | "standsInFor">,
): ClientAuth {
  const verify = annotations.text("auth-tls-verify-client");
  const errorPage = annotations.text("auth-tls-error-page");
  if (errorPage?.startsWith("@")) {
    const what = `nginx has no location ${errorPage}, and answers 500`;
    annotations.report.surprising("auth-tls-error-page", what, "Write a path, or a URL.");
  }
  return {
    ...known,
    verify: VERIFY.find((known) => known === verify) ?? "on",
    errorPage,
    passCertificate: annotations.boolean("auth-tls-pass-certificate-to-upstream") ?? false,
    matchCn: readMatchCn(annotations),
  };
}

/** `CN=…` as one expression anywhere in the subject, respecting case (`!~`). */
function readMatchCn(annotations: Annotations): Pattern | undefined {
  const name = "auth-tls-match-cn";
  const what = "CN= and a regular expression";
  const value = annotations.text(name);
  if (value === undefined) return undefined;
  if (value.includes("{")) {
    const words = `invalid condition "${value.slice(0, value.indexOf("{"))}"`;
    annotations.report.stop(
      name,
      words,
      `"${value}" has a brace, which ends a word in nginx's configuration`,
      "Write it without braces.",
    );
    return undefined;
  }
  const compiled = compilePattern(value, "anywhere", "exact case");
  if (compiled.kind === "compiled") return compiled.pattern;
  annotations.report.bad(
    name,
    `"${value}" is not ${what}: ${compiled.why}`,
    `Write ${what}.`,
    "refuse-ingress",
  );
  return undefined;
}
