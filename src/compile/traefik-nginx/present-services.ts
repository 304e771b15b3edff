import type { Service } from "../../model/resource.ts";
import type { Backend } from "../../model/route.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import { wantedPort } from "../../service/backing.ts";
import type { CompileOptions } from "../options.ts";

/** The Services of a snapshot. Files without any Service of a namespace leave them to the cluster. */
export class PresentServices {
  readonly #byName: ReadonlyMap<string, Service>;
  readonly #namespaces: ReadonlySet<string>;
  readonly #isWhole: boolean;

  constructor({ services }: Snapshot, { completeness }: CompileOptions) {
    this.#byName = new Map(
      services.map((each) => [`${each.metadata.namespace}/${each.metadata.name}`, each]),
    );
    this.#namespaces = new Set(services.map(({ metadata }) => metadata.namespace));
    this.#isWhole = completeness === "whole";
  }

  get(namespace: string, name: string): Service | undefined {
    return this.#byName.get(`${namespace}/${name}`);
  }

  /** True if the Service is there, or may be in the cluster. */
  mayExist(namespace: string, name: string): boolean {
    return this.get(namespace, name) !== undefined || !(this.#isWhole || this.#namespaces.has(namespace));
  }

  /** Why a backend has no endpoints by its Service alone, as a clause. */
  fault({ namespace, service: name, port }: Backend): string | undefined {
    if (!this.mayExist(namespace, name)) return `there is no Service ${namespace}/${name}`;
    const service = this.get(namespace, name);
    if (service === undefined || service.type === "ExternalName") return undefined;
    const has = service.ports.some((each) =>
      "number" in port ? each.port === port.number : each.name === port.name,
    );
    return has ? undefined : `Service ${namespace}/${name} has no ${wantedPort({ port })}`;
  }

  /** The first port of a Service that may exist; 80 where nobody knows. */
  firstPort(namespace: string, service: string): Backend {
    return {
      namespace,
      service,
      port: { number: this.get(namespace, service)?.ports[0]?.port ?? USUAL_PORT },
    };
  }
}

const USUAL_PORT = 80;
