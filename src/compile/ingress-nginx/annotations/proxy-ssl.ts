import type { UpstreamTls } from "../../../model/route/transport.ts";
import type { Annotations, Feature } from "../annotations.ts";
import { withNote, withTransport } from "../settings.ts";
import { settleAuthSecret } from "../values/auth-secret.ts";
import { isOneWord } from "../values/one-word.ts";
import { refusedCiphers } from "../values/openssl-lists.ts";
import { sayUnread } from "../values/unused.ts";
import { documented } from "./documented.ts";

const SECRET = "proxy-ssl-secret";
const OTHERS = [
  "proxy-ssl-verify",
  "proxy-ssl-verify-depth",
  "proxy-ssl-ciphers",
  "proxy-ssl-protocols",
  "proxy-ssl-name",
  "proxy-ssl-server-name",
];

/** The name of nginx's upstream block, against which it checks certificates by default (nginx.tmpl). */
const UPSTREAM_BLOCK = "upstream_balancer";

const DEPTH_REFUSED = '"proxy_ssl_verify_depth" directive invalid number';

const PROTOCOLS = ["TLSv1.2", "TLSv1.3"];
const DEFAULT_PROTOCOLS = ["TLSv1.2"];

/** `proxy-ssl-*` (annotations/proxyssl/main.go), read only beside `proxy-ssl-secret`. */
export const proxySsl: Feature = {
  annotations: documented("Proxy TLS", {
    Low: "proxy-ssl-protocols proxy-ssl-verify proxy-ssl-verify-depth proxy-ssl-server-name",
    Medium: "proxy-ssl-secret proxy-ssl-ciphers",
    High: "proxy-ssl-name",
  }),
  apply: (annotations, settings) => {
    const value = annotations.text(SECRET);
    if (value === undefined) {
      if (!annotations.has(SECRET)) sayUnread(annotations, OTHERS, SECRET);
      return settings;
    }
    // Without its own certificate the connection is as without the annotation.
    const here = "no certificate is sent to the pods, and theirs is not verified";
    const secret = settleAuthSecret(annotations, {
      annotation: SECRET,
      value,
      here,
      otherwise: "deny-location",
    });
    if ("why" in secret) return settings;
    if (secret.ca === undefined && secret.isAbsent === undefined) {
      const what = `the Secret ${secret.name} has no ca.crt, so that neither its certificate is sent nor the pod's is verified`;
      annotations.report.bad(SECRET, what, "Add the ca.crt to the Secret.", "use-default");
    }
    const { protocol } = settings.transport;
    const isTls = protocol === "HTTPS" || protocol === "GRPCS" || protocol === "AUTO_HTTP";
    if (!isTls) {
      const what = `the pods are spoken to by ${protocol}, without TLS`;
      annotations.report.bad(SECRET, what, "Set backend-protocol: HTTPS.", "use-default");
    }
    const read = withTransport(settings, { tls: readSettings(annotations, secret) });
    if (!isTls || secret.ca === undefined) return read;
    const note = `TLS to the pods uses the Secret ${secret.name}: ${annotations.nameOf(SECRET)}`;
    return withNote(read, annotations.because(SECRET, note));
  },
};

function readSettings(annotations: Annotations, { ca, pair }: Pick<UpstreamTls, "ca" | "pair">): UpstreamTls {
  const verify = annotations.text("proxy-ssl-verify") === "on";
  const sendName = annotations.text("proxy-ssl-server-name") === "on";
  const depth =
    (ca === undefined
      ? annotations.integer("proxy-ssl-verify-depth")
      : annotations.notNegative("proxy-ssl-verify-depth", DEPTH_REFUSED)) ?? 0;
  const name = annotations.text("proxy-ssl-name") ?? UPSTREAM_BLOCK;
  if (annotations.variables("proxy-ssl-name")?.parts.some((part) => typeof part === "object"))
    annotations.report.notHonoured(
      "proxy-ssl-name",
      "variables are not filled in here: no certificate is for that name",
    );
  const protocols = readProtocols(annotations);
  const ciphers = readCiphers(annotations, "proxy-ssl-ciphers");
  const withCa = {
    verify: verify && ca !== undefined,
    verifyDepth: depth === 0 ? 1 : depth,
    ciphers: ca === undefined ? undefined : ciphers,
    protocols: ca === undefined ? [] : protocols,
  };
  const settled = { pair, ca, ...withCa, name, sendName };
  return { key: JSON.stringify(settled), ...settled };
}

/** sortProtocols. Words without a blank between them pass the validator, but nginx knows no such protocol. */
function readProtocols(annotations: Annotations): readonly string[] {
  const name = "proxy-ssl-protocols";
  const written = annotations.text(name)?.split(" ") ?? [];
  const protocols = written.filter((word) => word !== "").sort();
  const unknown = protocols.find((word) => !PROTOCOLS.includes(word));
  if (unknown === undefined) return protocols.length === 0 ? DEFAULT_PROTOCOLS : protocols;
  const words = `invalid value "${unknown}"`;
  annotations.report.stop(
    name,
    words,
    `nginx knows no protocol "${unknown}"`,
    "Write a blank between protocols.",
  );
  return DEFAULT_PROTOCOLS;
}

/** A cipher list that OpenSSL accepts; nginx loads no configuration with any other. */
export function readCiphers(annotations: Annotations, name: string): string | undefined {
  const value = annotations.text(name);
  if (value === undefined || !isOneWord(annotations, name, value, name.replaceAll("-", "_")))
    return undefined;
  const words = refusedCiphers(value);
  if (words === undefined) return value;
  const fix = "Write ciphers that openssl ciphers LIST knows.";
  annotations.report.stop(name, words, `OpenSSL knows none of the ciphers ${value}`, fix);
  return undefined;
}
