import type { Problem } from "../../../model/problem.ts";
import { ingressName, problemOf } from "../../problem.ts";
import type { NginxAnnotations } from "../annotations.ts";
import type { Context } from "../context.ts";

/** Snippets are off by default (`allowSnippetAnnotations`), and one of these leaves out the whole Ingress. */
const SNIPPETS = ["configuration-snippet", "server-snippet", "auth-snippet"];

/** Other characters in a path of type Exact or Prefix (`strictValidatePathType`). */
const PLAIN_PATH = /^\/[A-Za-z0-9._\-/]*$/;

/** Why an Ingress does not count at all, not even for the hosts that it names. */
export function leftOut(annotations: NginxAnnotations): Problem | undefined {
  const snippet = SNIPPETS.find((name) => (annotations.text(name) ?? "") !== "");
  if (snippet !== undefined)
    return refusal(
      annotations,
      snippet,
      `${snippet}: snippets are not allowed`,
      "Remove the snippet; Traefik has no nginx to run it.",
    );
  for (const { paths = [] } of annotations.ingress.spec.rules)
    for (const { path, pathType, field } of paths)
      if (path !== "" && pathType !== "ImplementationSpecific" && !PLAIN_PATH.test(path))
        return problemOf(annotations.ingress, {
          code: "path-type-strict",
          level: "error",
          field: `${field}.path`,
          message: `Ingress ${ingressName(annotations.ingress)}: path ${JSON.stringify(path)} of type ${pathType} has characters other than letters, digits and ._-/: Traefik does not serve this Ingress, and says so in its log alone`,
          fix: "Use pathType: ImplementationSpecific for a regular expression.",
          lost: "ingress",
        });
  return undefined;
}

/** Why an Ingress is not served, though its hosts count. */
export function unservable(
  annotations: NginxAnnotations,
  { secret, standIns }: Context,
): Problem | undefined {
  const check = (name: string, keys: readonly string[]): Problem | undefined => {
    const value = annotations.text(name) ?? "";
    const fix = `Name a Secret of the Ingress's own namespace: ${annotations.namespace}/NAME.`;
    const [namespace, secretName = "", ...more] = value.split("/");
    if (more.length > 0 || secretName === "")
      return refusal(annotations, name, `${name} ${JSON.stringify(value)} is not NAMESPACE/NAME`, fix);
    if (namespace !== annotations.namespace)
      return refusal(annotations, name, `${name} ${value} is of another namespace`, fix);
    const found = secret(namespace, secretName);
    // Files may lack what the cluster has.
    if (found === undefined && standIns !== undefined) return undefined;
    if (found === undefined)
      return refusal(annotations, name, `there is no Secret ${value} (${name})`, "Add the Secret.");
    if (keys.some((key) => found.data.has(key))) return undefined;
    const [key] = keys;
    const listed = keys.join(" or ");
    return refusal(
      annotations,
      name,
      `Secret ${value} has no key ${listed} (${name})`,
      `Add the key ${key}.`,
    );
  };
  const isTls = ["HTTPS", "GRPCS"].includes((annotations.text("backend-protocol") ?? "").toUpperCase());
  if (isTls && (annotations.text("proxy-ssl-secret") ?? "") !== "") {
    const problem = check("proxy-ssl-secret", ["ca.crt", "tls.crt", "tls.key"]);
    if (problem !== undefined) return problem;
  }
  return annotations.has("auth-tls-secret") ? check("auth-tls-secret", ["ca.crt"]) : undefined;
}

function refusal(annotations: NginxAnnotations, name: string, what: string, fix: string): Problem {
  return problemOf(annotations.ingress, {
    code: "annotation-refused",
    level: "error",
    field: annotations.fieldOf(name),
    message: `Ingress ${ingressName(annotations.ingress)}: ${what}: Traefik does not serve this Ingress, and says so in its log alone`,
    fix,
    lost: "ingress",
  });
}
