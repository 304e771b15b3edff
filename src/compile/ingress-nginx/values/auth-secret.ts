import { createPrivateKey, X509Certificate } from "node:crypto";
import type { PemPair } from "../../../model/route/transport.ts";
import type { Annotations } from "../annotations.ts";
import { checkedBySsl } from "./openssl.ts";

/** The Secret of `auth-tls-secret` or `proxy-ssl-secret`. */
export interface AuthSecret {
  readonly name: string;
  /** Trusted certificates (`ca.crt`, PEM). */
  readonly ca?: string | undefined;
  /** Certificate revocation list (`ca.crl`, PEM). */
  readonly crl?: string | undefined;
  /** `tls.crt` and `tls.key`; read only beside a `ca.crt`. */
  readonly pair?: PemPair | undefined;
  /** Absent and stood in for: only its name is known. */
  readonly isAbsent?: true;
}

export interface NoAuthSecret {
  readonly why: string;
  readonly fix: string;
  /** The name of a Secret that is only missing. */
  readonly absent?: string | undefined;
}

function makeCommand(name: string): string {
  return `kubectl create secret generic ${name} --from-file=ca.crt --dry-run=client -o yaml`;
}

/**
 * The Secret that an annotation names as `NAMESPACE/NAME`; only the Ingress's own namespace counts.
 *
 * Source: ingress-nginx store.go (GetAuthCertificate), backend_ssl.go (getPemCertificate), k8s/main.go
 * (ParseNameNS).
 */
function readAuthSecret({ namespace, world }: Annotations, value: string): AuthSecret | NoAuthSecret {
  const [ns, name, ...more] = value.split("/");
  if (ns === undefined || name === undefined || more.length > 0)
    return { why: `invalid format (namespace/name) found in "${value}"`, fix: `Write ${namespace}/NAME.` };
  if (ns !== "" && ns !== namespace && world.config.compileTime.crossNamespace === "refused") {
    const fix = `Put the Secret into the namespace ${namespace}, or allow allow-cross-namespace-resources in the controller's ConfigMap.`;
    return { why: "cross namespace secrets are not supported", fix };
  }
  const make = makeCommand(name);
  const data = world.secrets.get(value)?.data;
  if (data === undefined)
    return {
      why: `the Secret ${value} is not there`,
      fix: `Add it to the manifests: ${make}`,
      absent: value,
    };
  const textOf = (key: string) => data.get(key)?.toString("latin1") || undefined;
  const ca = textOf("ca.crt");
  const [cert, key] = [data.get("tls.crt"), data.get("tls.key")];
  const pair = cert && key ? { cert: cert.toString("latin1"), key: key.toString("latin1") } : undefined;
  const crl = textOf("ca.crl");
  const fault = (pair && pairFault(pair)) ?? (ca && caFault(ca)) ?? (crl && crlFault(crl));
  if (fault) return { why: `the Secret ${value} cannot be used: ${fault}`, fix: `Make it again: ${make}` };
  if (pair === undefined && ca === undefined)
    return {
      why: `the Secret ${value} contains no keypair or CA certificate`,
      fix: `Make it with a ca.crt: ${make}`,
    };
  return { name: value, ca, crl: ca && crl, pair: ca === undefined ? undefined : pair };
}

/**
 * Like `readAuthSecret`, with its problems reported. If files may lack a Secret, `here` stands in for a
 * missing one.
 */
export function settleAuthSecret(
  annotations: Annotations,
  {
    annotation,
    value,
    here,
    otherwise,
  }: {
    readonly annotation: string;
    readonly value: string;
    readonly here: string;
    readonly otherwise: "deny-location" | "forbid-hosts";
  },
): AuthSecret | NoAuthSecret {
  const read = readAuthSecret(annotations, value);
  if (!("why" in read)) return read;
  const { why: what, fix, absent: object } = read;
  if (object === undefined) annotations.report.bad(annotation, what, fix, otherwise);
  else if (annotations.report.lacks(annotation, { object, what, here, fix }, otherwise) === "stood-in-for")
    return { name: object, isAbsent: true };
  return read;
}

function pairFault({ cert, key }: PemPair): string | undefined {
  try {
    const matches = new X509Certificate(cert).checkPrivateKey(createPrivateKey(key));
    return matches ? undefined : "tls.key is not the key of the certificate in tls.crt";
  } catch (error) {
    return `tls.crt or tls.key cannot be read (${reason(error)})`;
  }
}

function caFault(ca: string): string | undefined {
  try {
    new X509Certificate(ca);
    return undefined;
  } catch (error) {
    return `ca.crt holds no certificate (${reason(error)})`;
  }
}

function crlFault(crl: string): string | undefined {
  try {
    checkedBySsl({ crl });
    return undefined;
  } catch (error) {
    return `ca.crl holds no list of revoked certificates (${reason(error)})`;
  }
}

/** OpenSSL's words without its numbers. */
function reason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return /^error:[0-9A-F]+:.*:([^:]+)$/.exec(text)?.[1] ?? text;
}
