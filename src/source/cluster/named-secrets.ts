import { wordsOf } from "../../compile/command-line/installations.ts";
import type { Json, JsonObject } from "../../model/json.ts";
import type { Ingress, Resource, Workload } from "../../model/resource.ts";

/** Secrets that objects name, as `NAMESPACE/NAME`. */
export type SecretNames = ReadonlySet<string>;

/** `NAME` in the namespace of the object, or `NAMESPACE/NAME`. */
const REFERENCE = /^(?:([a-z0-9](?:[a-z0-9-]*[a-z0-9])?)\/)?([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)$/;
/** `--default-ssl-certificate=NAMESPACE/NAME`, or two words joined so. */
const FLAG = /^--?[^=]*(?:certificate|secret)[^=/]*=([^/]+\/[^/]+)$/i;
/** Fields of custom resources whose texts are names: `secretName`, `caSecret`, `rootCAsSecrets`. */
const NAMING = /secret(?:s|names?)?$/i;

/** Takes a reference, and the namespace of one that names none. */
type Add = (reference: string, namespace: string) => void;

function addOfIngress({ metadata, spec }: Ingress, add: Add): void {
  const namespaces = [metadata.namespace];
  for (const [annotation, value] of metadata.annotations) {
    if (annotation.endsWith("-secret")) add(value.trim(), metadata.namespace);
    if (annotation.endsWith("/tls-cert-namespace")) namespaces.push(value.trim());
  }
  for (const { secretName } of spec.tls)
    if (secretName !== undefined) for (const namespace of namespaces) add(secretName, namespace);
}

function addOfFlags(workload: Workload, add: Add): void {
  for (const container of workload.containers ?? []) {
    const texts = wordsOf(container, workload).map(({ text }) => text);
    for (const [at, text] of texts.entries()) {
      const [, named] = FLAG.exec(text.includes("=") ? text : `${text}=${texts[at + 1]}`) ?? [];
      if (named !== undefined) add(named, workload.metadata.namespace);
    }
  }
}

/** By the names of fields (Contour, Traefik), and by references of kind Secret (Gateway API). */
function addOfFields(value: Json | undefined, namespace: string, isNaming: boolean, add: Add): void {
  if (typeof value === "string" && isNaming) add(value, namespace);
  if (Array.isArray(value)) for (const item of value) addOfFields(item, namespace, isNaming, add);
  else if (typeof value === "object" && value !== null) {
    const fields = value as JsonObject;
    const { kind, name, namespace: other } = fields;
    if (kind === "Secret" && typeof name === "string")
      add(name, typeof other === "string" ? other : namespace);
    for (const [key, field] of Object.entries(fields)) addOfFields(field, namespace, NAMING.test(key), add);
  }
}

/**
 * The Secrets that Ingresses (`spec.tls`, `auth-secret` and other annotations), custom resources and the flags of controllers
 * name. No other Secret of a cluster is ever read.
 */
export function secretsNamedBy(resources: readonly Resource[]): SecretNames {
  const names = new Set<string>();
  const add: Add = (reference, otherwise) => {
    const [, namespace = otherwise, name] = REFERENCE.exec(reference) ?? [];
    if (name !== undefined) names.add(`${namespace}/${name}`);
  };
  for (const resource of resources) {
    if (resource.kind === "Ingress") addOfIngress(resource, add);
    else if ("spec" in resource) addOfFields(resource.spec, resource.metadata.namespace, false, add);
    else if ("podLabels" in resource) addOfFlags(resource, add);
  }
  return names;
}
