import type { Snapshot } from "../../../model/snapshot.ts";
import type { MadeObject } from "../made.ts";
import type { AnnotationParts } from "./annotation-parts.ts";

/** A Service that gets copies of requests, as they came. */
export interface MirrorTo {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
}

/** A Service by its name in the cluster: `http://copy.tools.svc.cluster.local:8080$request_uri`. */
const SERVICE_URL = /^http:\/\/([a-z0-9-]+)\.([a-z0-9-]+)\.svc(?:\.cluster\.local)?(?::(\d+))?\$request_uri$/;

/** `undefined`: none, or copies go to something else, or with another path */
export function mirrorOf({ nginx }: AnnotationParts): MirrorTo | undefined {
  const { target } = nginx.settings.location.mirror ?? {};
  const [, name, namespace, port = "80"] = SERVICE_URL.exec(target?.source ?? "") ?? [];
  if (name === undefined || namespace === undefined) return undefined;
  return { name, namespace, port: Number(port) };
}

/** Says of a mirror that is converted what becomes of its copies. */
export function sayOfMirror(parts: AnnotationParts, copies: string): void {
  parts.done("mirror-target", "mirror-host", "mirror-request-body");
  parts.say("mirror-target", copies, { aspects: ["settings"] });
  parts.say("mirror-host", copies, { aspects: ["settings"] });
}

/** Envoy copies bodies as well. */
export function sayOfEnvoyMirror(parts: AnnotationParts): void {
  sayOfMirror(parts, "copies have the Host of the request with -shadow behind it");
  if (parts.nginx.settings.location.mirror?.body === "left-out")
    parts.say("mirror-request-body", "copies have the body of the request", { aspects: ["settings"] });
}

/** A Service that the manifests lack, which somebody has to make. */
export function absentService(
  { services }: Snapshot,
  { namespace, name, port }: MirrorTo,
): readonly MadeObject[] {
  const isThere = services.some(({ metadata }) => metadata.name === name && metadata.namespace === namespace);
  const spec = { ports: [{ port }] };
  return isThere ? [] : [{ apiVersion: "v1", kind: "Service", metadata: { name, namespace }, spec }];
}
