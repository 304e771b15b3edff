import { CODES, type Code } from "../src/errors.ts";
import type { Problem } from "../src/model/problem.ts";
import type { Secret } from "../src/model/resource.ts";
import { type Contexts, createContexts } from "./contexts.ts";
import type { HostGroup } from "./groups.ts";
import { covers } from "./names.ts";
import { openSslMessage, type Pair, readPair } from "./pair.ts";

export type CheckedSecret =
  | { readonly kind: "good"; readonly pair: Pair; readonly contexts: Contexts }
  | { readonly kind: "bad"; readonly field: string; readonly why: string; readonly fix: string };

/** The controller warns ten days before the end (ingress-nginx, internal/ingress/controller/controller.go). */
const EXPIRING_MS = 240 * 3_600_000;

/**
 * Checks the certificate and the key in a Secret of any type (ingress-nginx,
 * internal/ingress/controller/store/backend_ssl.go, getPemCertificate: only the keys count). About 2 ms. Never throws.
 */
export function checkSecret(secret: Secret): CheckedSecret {
  const certificate = secret.data.get("tls.crt");
  const key = secret.data.get("tls.key");
  if (certificate === undefined) return missing("tls.crt");
  if (key === undefined) return missing("tls.key");
  const pair = readPair(certificate.toString("latin1"), key.toString("latin1"));
  if ("why" in pair) {
    return { kind: "bad", field: `data[${pair.part}]`, why: `${pair.part} ${pair.why}`, fix: pair.fix };
  }
  try {
    return { kind: "good", pair, contexts: createContexts(pair) };
  } catch (error) {
    const why = `TLS cannot be spoken with it: ${openSslMessage(error)}`;
    return { kind: "bad", field: "data[tls.crt]", why, fix: CODES["tls-secret-invalid"] };
  }
}

function missing(part: "tls.crt" | "tls.key"): CheckedSecret {
  return { kind: "bad", field: `data[${part}]`, why: `it has no ${part}`, fix: CODES["tls-secret-invalid"] };
}

/** The problem of a missing Secret that is not issued either (`--exact`). */
export function absentSecret({ key, hosts, first: { ingress } }: HostGroup): Problem {
  return {
    code: "tls-no-secret",
    level: "notice",
    object: { kind: "Ingress", namespace: ingress.namespace, name: ingress.name },
    field: "spec.tls",
    message: `There is no Secret ${key}: the controller's fake certificate is served for ${some(hosts)}.`,
    fix: CODES["tls-no-secret"],
    file: ingress.file,
    get line() {
      return ingress.line || undefined;
    },
  };
}

/** The problems of a Secret that serves these hosts, at this time. All are warnings: the hosts are served somehow. */
export function secretProblems(
  secret: Secret,
  checked: CheckedSecret,
  hosts: readonly string[],
  now: Date,
): readonly Problem[] {
  if (checked.kind === "bad") {
    const message = `The controller cannot use this Secret, and serves its fake certificate for ${some(hosts)}: ${checked.why}.`;
    return [problemOf(secret, "tls-secret-invalid", "warning", checked.field, message, checked.fix)];
  }
  const { pair } = checked;
  const others = hosts.filter((host) => !covers(pair.names, host));
  const problems: Problem[] = [];
  if (others.length > 0) {
    const names = some([...pair.names]);
    const message = `The certificate is for ${names}, so the controller serves its fake certificate for ${some(others)}.`;
    problems.push(problemOf(secret, "tls-secret-host", "warning", "data[tls.crt]", message));
  }
  const timing = timingProblem(secret, pair, now);
  return timing === undefined ? problems : [...problems, timing];
}

function timingProblem(secret: Secret, pair: Pair, now: Date): Problem | undefined {
  const left = pair.notAfter.getTime() - now.getTime();
  const field = "data[tls.crt]";
  const end = pair.notAfter.toISOString();
  if (pair.notBefore.getTime() > now.getTime()) {
    const message = `The certificate is not valid before ${pair.notBefore.toISOString()}; it is served all the same, as the controller would.`;
    return problemOf(secret, "tls-secret-expired", "warning", field, message);
  }
  if (left <= 0) {
    const message = `The certificate expired on ${end}; it is served all the same, as the controller would.`;
    return problemOf(secret, "tls-secret-expired", "warning", field, message);
  }
  if (left >= EXPIRING_MS) return undefined;
  return problemOf(secret, "tls-secret-expiring", "notice", field, `The certificate expires on ${end}.`);
}

function problemOf(
  secret: Secret,
  code: Code,
  level: Problem["level"],
  field: string,
  message: string,
  fix: string = CODES[code],
): Problem {
  const { namespace, name } = secret.metadata;
  const { origin } = secret;
  return {
    code,
    level,
    object: { kind: "Secret", namespace, name },
    field,
    message,
    fix,
    file: origin.file,
    get line() {
      return origin.lineOf(field);
    },
  };
}

/** `a.test, b.test and 3 more`. */
function some(names: readonly string[]): string {
  if (names.length === 0) return "no name";
  const shown = names.slice(0, 3).join(", ");
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}
