import { compile } from "../../../src/compile/compile.ts";
import { snapshotOf } from "../../../src/manifest/snapshot.ts";
import { parseManifest } from "../../support/parse-manifest.ts";

interface WrittenPath {
  readonly host?: string;
  readonly path?: string;
  readonly pathType?: string;
  readonly service?: string;
}

export interface WrittenIngress {
  readonly name?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly paths?: readonly WrittenPath[];
  readonly spec?: object;
}

const PREFIX = "nginx.ingress.kubernetes.io/";

export function ingressOf({ name = "web", annotations = {}, paths = [], spec = {} }: WrittenIngress): object {
  const named = Object.entries(annotations).map(([key, value]) => [PREFIX + key, value]);
  const rules = paths.map(({ host, path = "/", pathType = "Prefix", service = "s" }) => ({
    ...(host === undefined ? {} : { host }),
    http: { paths: [{ path, pathType, backend: { service: { name: service, port: { number: 80 } } } }] },
  }));
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { name, annotations: Object.fromEntries(named) },
    spec: { ingressClassName: "nginx", ...(rules.length === 0 ? {} : { rules }), ...spec },
  };
}

export function serviceOf(name: string): object {
  return { apiVersion: "v1", kind: "Service", metadata: { name }, spec: { ports: [{ port: 80 }] } };
}

/** What the controller makes of objects of a whole cluster. */
export function compiled(objects: readonly object[]) {
  const text = objects.map((object) => JSON.stringify(object)).join("\n---\n");
  const { snapshot } = snapshotOf(parseManifest(text, "a.yaml").resources);
  return compile(snapshot, { controller: "traefik-nginx", classless: "ignored", completeness: "whole" });
}
