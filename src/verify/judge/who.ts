import { headerIn } from "../../request/header-line.ts";
import { bytesAsText } from "../../request/utf8.ts";
import type { LiveAnswer } from "../live-answer.ts";

/** What the manifests say of Services and their pods. Names are `NAMESPACE/NAME`. */
export interface KnownServices {
  readonly isService: (name: string) => boolean;
  /** Services of this name in any namespace. */
  readonly named: (name: string) => readonly string[];
  /** Services that select the workload whose pod has this name. default of the namespace: any */
  readonly ofPod: (pod: string, namespace: string | undefined) => readonly string[];
}

/** Who says to have answered. */
export type Who =
  | {
      readonly kind: "service";
      /** One of these. */
      readonly services: readonly string[];
      /** `hint`: the name alone, which may be an application's word for something else. */
      readonly proof: "sure" | "hint";
      /** `pod web-7d9f8-x2x4z`, `its answer's service and namespace` */
      readonly by: string;
    }
  /** A backend that does not say which. */
  | { readonly kind: "some backend" }
  | { readonly kind: "untold" };

const UNTOLD: Who = { kind: "untold" };

/** Fields of well-known echo servers that hold the pod's name, which is its host name. */
const POD_FIELDS = [
  ["pod"],
  ["podName"],
  ["hostname"],
  ["host", "hostname"],
  ["os", "hostname"],
  ["environment", "HOSTNAME"],
  ["env", "HOSTNAME"],
] as const;
const NAMESPACE_FIELDS = [["namespace"], ["podNamespace"], ["environment", "POD_NAMESPACE"]] as const;

/** `Hostname: web-7d9f8-x2x4z`: traefik/whoami, registry.k8s.io/echoserver, hello-app. */
const HOSTNAME_LINE = /^\s*(?:hostname|pod name):\s*([a-z0-9][-a-z0-9.]{0,252})\s*$/im;
const NAMESPACE_LINE = /^\s*pod namespace:\s*([a-z0-9][-a-z0-9]{0,62})\s*$/im;

/** Reads who answered from what backends say of themselves. A name counts only where the manifests have it. */
export function whoAnswered(
  { headers, body }: Extract<LiveAnswer, { kind: "answered" }>,
  known: KnownServices,
): Who {
  const isOurEcho = headerIn(headers, "x-ingress-dev-upstream") !== undefined;
  const said = body.startsWith("{") ? fromJson(body, known, isOurEcho) : fromText(body, known);
  return said.kind === "untold" && isOurEcho ? { kind: "some backend" } : said;
}

function fromJson(body: string, known: KnownServices, isOurEcho: boolean): Who {
  const fields = parsed(body);
  const service = textAt(fields, ["service"]);
  const namespace = firstText(fields, NAMESPACE_FIELDS);
  const pod = firstText(fields, POD_FIELDS);
  if (service !== undefined && namespace !== undefined) {
    const name = `${namespace}/${service}`;
    // With a pod beside them the words are an echo server's, and no application's.
    const proof = isOurEcho || pod !== undefined || known.isService(name) ? "sure" : "hint";
    return { kind: "service", services: [name], proof, by: "its answer's namespace and service" };
  }
  const byPod = pod === undefined ? UNTOLD : ofPod(pod, namespace, known);
  if (byPod.kind === "service" || service === undefined) return byPod;
  const services = known.named(service);
  return services.length === 0
    ? UNTOLD
    : { kind: "service", services, proof: "hint", by: "its answer's service" };
}

function fromText(body: string, known: KnownServices): Who {
  const pod = HOSTNAME_LINE.exec(body)?.[1];
  return pod === undefined ? UNTOLD : ofPod(pod, NAMESPACE_LINE.exec(body)?.[1], known);
}

function ofPod(pod: string, namespace: string | undefined, known: KnownServices): Who {
  const services = known.ofPod(pod, namespace);
  return services.length === 0 ? UNTOLD : { kind: "service", services, proof: "sure", by: `pod ${pod}` };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(bytesAsText(body));
  } catch {
    return undefined;
  }
}

function textAt(value: unknown, path: readonly string[]): string | undefined {
  let at = value;
  for (const key of path) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Readonly<Record<string, unknown>>)[key];
  }
  return typeof at === "string" && at !== "" ? at : undefined;
}

function firstText(value: unknown, paths: readonly (readonly string[])[]): string | undefined {
  for (const path of paths) {
    const text = textAt(value, path);
    if (text !== undefined) return text;
  }
  return undefined;
}
