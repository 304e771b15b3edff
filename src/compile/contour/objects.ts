import { jsonFields, jsonItems, jsonString, jsonStrings } from "../../model/json.ts";
import type { CustomResource, Secret, Service, ServicePort } from "../../model/resource.ts";
import type { Backend } from "../../model/route.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import type { GuardStep } from "../../step/guard.ts";
import type { CompileOptions } from "../options.ts";
import { breakerSteps, breakersOf } from "./circuit-breakers.ts";
import { certificatesFault, privateKeyFault } from "./pem-faults.ts";
import type { ContourSettings } from "./settings.ts";

/** The way of speaking to a Service's pods; `""`: HTTP/1.1 in clear. */
export type Spoken = "" | "tls" | "h2" | "h2c";

/** A Service port that Contour makes a cluster of. */
export interface ServiceTarget {
  readonly kind: "target";
  readonly backend: Backend;
  readonly spoken: Spoken;
  /** `""`: it has pods. */
  readonly externalName: string;
  /** What counts all requests to it. */
  readonly breakers: readonly GuardStep[];
}

/** `why` in Contour's words. */
export interface Missing {
  readonly kind: "missing";
  readonly why: string;
}

/** Objects that Ingresses and HTTPProxies name. */
export class Objects {
  readonly #services: ReadonlyMap<string, Service>;
  readonly #secrets: ReadonlyMap<string, Secret>;
  readonly #delegations: readonly CustomResource[];
  readonly #extensions: ReadonlyMap<string, CustomResource>;
  /** Namespaces with Services or Secrets: what they lack is missing. */
  readonly #withServices: ReadonlySet<string>;
  readonly #withSecrets: ReadonlySet<string>;
  readonly #isWhole: boolean;
  readonly #areElsewhere: boolean;
  /** Of Secrets, once they are asked for. */
  readonly #faults = new Map<string, string | undefined>();
  readonly #settings: Pick<ContourSettings, "externalNames" | "breakers">;

  constructor(
    { services, secrets, custom }: Snapshot,
    { completeness, exact, absentSecrets }: CompileOptions,
    settings: Pick<ContourSettings, "externalNames" | "breakers">,
  ) {
    this.#services = byName(services);
    this.#secrets = byName(secrets);
    this.#delegations = custom.filter(({ kind }) => kind === "TLSCertificateDelegation");
    const extensions = custom.filter(({ kind }) => kind === "ExtensionService");
    this.#extensions = byName(extensions);
    this.#withServices = new Set(services.map(({ metadata }) => metadata.namespace));
    this.#withSecrets = new Set(secrets.map(({ metadata }) => metadata.namespace));
    this.#areElsewhere = absentSecrets === "elsewhere";
    this.#isWhole = completeness === "whole" || exact === true;
    this.#settings = settings;
  }

  target(backend: Backend): ServiceTarget | Missing {
    const name = `${backend.namespace}/${backend.service}`;
    const service = this.#services.get(name);
    if (service === undefined) {
      // Files may be a part of what is applied.
      if (!this.#isWhole && !this.#withServices.has(backend.namespace)) return targetOf(backend, "");
      return { kind: "missing", why: `service "${name}" not found` };
    }
    const port = service.ports.find((each) => isPort(each, backend));
    if (port === undefined) {
      const wanted = "number" in backend.port ? backend.port.number : backend.port.name;
      return { kind: "missing", why: `port "${wanted}" on service "${name}" not matched` };
    }
    if (port.protocol !== undefined && port.protocol !== "TCP")
      return { kind: "missing", why: `unsupported service protocol "${port.protocol}"` };
    if (service.type === "ExternalName") {
      const why = this.#refusedExternal(name, service.externalName ?? "");
      if (why !== undefined) return { kind: "missing", why };
    }
    return {
      ...targetOf(backend, spokenBy(service, port)),
      externalName: (service.type === "ExternalName" && service.externalName) || "",
      breakers: breakerSteps(service, port.port, breakersOf(service, this.#settings.breakers)),
    };
  }

  #refusedExternal(name: string, host: string): string | undefined {
    if (this.#settings.externalNames === "off")
      return `${name} is an ExternalName service, these are not currently enabled. See the config.enableExternalNameService config file setting`;
    return LOCAL.test(host.replace(/\.$/, ""))
      ? `${name} is an ExternalName service that points to localhost, this is not allowed`
      : undefined;
  }

  /** `name`: `NAMESPACE/NAME`. `undefined`: it can be used. */
  secretFault(name: string): string | undefined {
    if (!this.#faults.has(name)) this.#faults.set(name, this.#faultOf(name));
    return this.#faults.get(name);
  }

  #mayHoldSecrets(namespace: string): boolean {
    return !this.#isWhole && (this.#areElsewhere || !this.#withSecrets.has(namespace));
  }

  #faultOf(name: string): string | undefined {
    const secret = this.#secrets.get(name);
    if (secret === undefined) {
      const [namespace = ""] = name.split("/");
      return this.#mayHoldSecrets(namespace) ? undefined : "Secret not found";
    }
    if (secret.type !== "kubernetes.io/tls" && secret.type !== "Opaque")
      return `secret type is not "kubernetes.io/tls" or "Opaque"`;
    for (const [key, what] of TLS_PARTS) {
      const data = secret.data.get(key);
      if (data === undefined) return `missing TLS ${what}`;
      const fault = what === "certificate" ? certificatesFault(data) : privateKeyFault(data);
      if (fault !== undefined) return `invalid TLS ${what}: ${fault}`;
    }
    return undefined;
  }

  /** True if a namespace may use a Secret (`NAMESPACE/NAME`) of another. */
  isDelegated(secret: string, namespace: string): boolean {
    const [owner = "", name = ""] = secret.split("/");
    if (owner === namespace) return true;
    return this.#delegations
      .filter(({ metadata }) => metadata.namespace === owner)
      .flatMap(({ spec }) => jsonItems(spec.delegations).map(jsonFields))
      .some(({ secretName, targetNamespaces }) => {
        const targets = jsonStrings(targetNamespaces);
        const isForAll = targets.length === 1 && targets[0] === "*";
        return jsonString(secretName) === name && (isForAll || targets.includes(namespace));
      });
  }

  /** Why no authority is read of a Secret. `undefined`: it has one, or may be in the cluster */
  authorityFault(name: string, key: "ca.crt" | "crl.pem" = "ca.crt"): string | undefined {
    const [namespace = ""] = name.split("/");
    const secret = this.#secrets.get(name);
    if (secret === undefined) return this.#mayHoldSecrets(namespace) ? undefined : "Secret not found";
    const found = secret.data.get(key)?.toString("latin1") ?? "";
    if (found === "") return `empty "${key}" key`;
    return found.includes("-----BEGIN") ? undefined : "failed to locate certificate";
  }

  /** PEM; `""` for none. */
  authority(name: string, key: "ca.crt" | "crl.pem" = "ca.crt"): string {
    return this.#secrets.get(name)?.data.get(key)?.toString("latin1") ?? "";
  }

  /** `name`: `NAMESPACE/NAME` of an ExtensionService */
  hasExtension(name: string): boolean {
    return !this.#isWhole || this.#extensions.has(name);
  }

  extension(name: string): CustomResource | undefined {
    return this.#extensions.get(name);
  }
}

const TLS_PARTS = [
  ["tls.crt", "certificate"],
  ["tls.key", "private key"],
] as const;

/** Names and addresses of the node itself. */
const LOCAL =
  /^(?:localhost|localhost\.localdomain|local\.projectcontour\.io|127\.\d+\.\d+\.\d+|0\.0\.0\.0|169\.254\.\d+\.\d+|::1?|fe[89ab][0-9a-f]:.*)$/i;

function targetOf(backend: Backend, spoken: Spoken): ServiceTarget {
  return { kind: "target", backend, spoken, externalName: "", breakers: [] };
}

function isPort({ name, port }: ServicePort, { port: wanted }: Backend): boolean {
  return "number" in wanted ? port === wanted.number : name === wanted.name;
}

/** `appProtocol` decides alone; else the annotation that names the port (internal/dag/accessors.go). */
function spokenBy({ metadata: { annotations } }: Service, { name, port, appProtocol }: ServicePort): Spoken {
  if (appProtocol !== undefined)
    return appProtocol === "https" ? "tls" : appProtocol === "kubernetes.io/h2c" ? "h2c" : "";
  const named = (spoken: Spoken, at: string) =>
    (annotations.get(`projectcontour.io/upstream-protocol.${spoken}`) ?? "")
      .split(",")
      .some((each) => each.trim() === at && at !== "");
  for (const at of [name, String(port)])
    for (const spoken of ["tls", "h2c", "h2"] as const) if (named(spoken, at)) return spoken;
  return "";
}

function byName<T extends Secret | Service | CustomResource>(objects: readonly T[]): ReadonlyMap<string, T> {
  return new Map(objects.map((each) => [`${each.metadata.namespace}/${each.metadata.name}`, each]));
}
