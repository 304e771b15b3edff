import { isIP } from "node:net";
import { type Json, type JsonObject, jsonFields, jsonItems, jsonString } from "../../../model/json.ts";
import type { CustomResource } from "../../../model/resource.ts";
import { resolve } from "../backends.ts";
import type { GatewayObjects } from "../objects.ts";
import type { StatusFault } from "../status/condition.ts";
import { bodyFault, rewriteFault } from "./extension-faults.ts";
import { headerFault } from "./header-faults.ts";

/** What is wrong with the filters of a rule. */
export interface FilterFaults {
  readonly accepted: readonly StatusFault[];
  readonly resolved: readonly StatusFault[];
  readonly available: readonly StatusFault[];
  /** So many filters are looked at: none behind one that answers. */
  readonly read: number;
}

const MIRROR_AND = "RequestMirror filter cannot be used when the rule also configures a";
const TWO_REWRITES = "cannot configure multiple urlRewrite filters for a single HTTPRouteRule";

export function filterFaults(
  list: Json | undefined,
  route: CustomResource,
  objects: GatewayObjects,
): FilterFaults {
  const reading = new FilterReading(route, objects);
  const filters = jsonItems(list).map(jsonFields);
  let read = 0;
  for (; read < filters.length && !reading.isAnswered; read += 1) reading.see(filters[read] ?? {});
  reading.end();
  return { ...reading.faults, read };
}

/** The filters of a rule in their order, as filters.go (ProcessHTTPFilters) reads them. */
class FilterReading {
  /** A filter answers, or cannot be read at all: then it answers 500. */
  isAnswered = false;
  readonly faults = {
    accepted: [] as StatusFault[],
    resolved: [] as StatusFault[],
    available: [] as StatusFault[],
  };
  readonly #route: CustomResource;
  readonly #objects: GatewayObjects;
  #hasMirror = false;
  #hasRedirect = false;
  /** What URLRewrite filters, and HTTPRouteFilters, change. */
  readonly #rewritten = { core: new Set<string>(), extension: new Set<string>() };

  constructor(route: CustomResource, objects: GatewayObjects) {
    this.#route = route;
    this.#objects = objects;
  }

  see(filter: JsonObject): void {
    switch (filter.type) {
      case "RequestHeaderModifier":
        this.#refuse(headerFault(filter.type, jsonFields(filter.requestHeaderModifier)));
        break;
      case "ResponseHeaderModifier":
        this.#refuse(headerFault(filter.type, jsonFields(filter.responseHeaderModifier)));
        break;
      case "RequestRedirect": {
        const fault = addressFault(jsonFields(filter.requestRedirect).hostname);
        this.#refuse(fault);
        if (fault === undefined) this.#hasRedirect = true;
        break;
      }
      case "URLRewrite":
        this.#rewrite(jsonFields(filter.urlRewrite));
        break;
      case "RequestMirror":
        this.#mirror(jsonFields(jsonFields(filter.requestMirror).backendRef));
        break;
      case "ExtensionRef":
        this.#extension(jsonFields(filter.extensionRef));
    }
  }

  end(): void {
    if (!this.#hasMirror) return;
    if (this.isAnswered) this.#incompatible("DirectResponse");
    else if (this.#hasRedirect) this.#incompatible("RequestRedirect");
  }

  #refuse(message: string | undefined): void {
    if (message !== undefined) this.faults.accepted.push({ reason: "UnsupportedValue", message });
  }

  #incompatible(other: string): void {
    this.faults.accepted.push({ reason: "IncompatibleFilters", message: `${MIRROR_AND} ${other} filter` });
  }

  #rewrite(rewrite: JsonObject): void {
    if (this.#isTaken(rewrite, "extension")) this.#refuse(TWO_REWRITES);
    else this.#refuse(addressFault(rewrite.hostname));
    this.#note(rewrite, "core");
  }

  #isTaken(rewrite: JsonObject, by: "core" | "extension"): boolean {
    return Object.keys(rewrite).some((part) => this.#rewritten[by].has(part));
  }

  #note({ path, hostname }: JsonObject, by: "core" | "extension"): void {
    if (path !== undefined) this.#rewritten[by].add("path");
    if (hostname !== undefined) this.#rewritten[by].add("hostname");
  }

  #mirror(ref: JsonObject): void {
    const mirror = resolve(ref, this.#route, this.#objects);
    const fault = mirror.kind === "invalid" ? mirror.fault : mirror.unavailable;
    if (fault === undefined) {
      this.#hasMirror = true;
      return;
    }
    const message = `failed to validate the RequestMirror filter: ${fault.message}`;
    this.faults[mirror.kind === "invalid" ? "resolved" : "available"].push({ reason: fault.reason, message });
  }

  #extension({ group, kind, name }: JsonObject): void {
    const { namespace } = this.#route.metadata;
    if (kind !== "HTTPRouteFilter") {
      this.#unusable(
        `invalid filter ExtensionRef: unknown kind ${jsonString(group) ?? ""}/${jsonString(kind) ?? ""}`,
      );
      return;
    }
    const found = this.#objects.custom("HTTPRouteFilter", namespace, jsonString(name) ?? "");
    if (found === undefined) {
      const message = `Unable to translate HTTPRouteFilter: ${namespace}/${jsonString(name) ?? ""}`;
      this.faults.resolved.push({ reason: "UnsupportedValue", message });
      this.isAnswered = true;
      return;
    }
    const { urlRewrite, directResponse } = found.spec;
    if (urlRewrite !== undefined && !this.#extend(jsonFields(urlRewrite))) return;
    if (directResponse === undefined) return;
    const fault = bodyFault(jsonFields(directResponse), namespace, this.#objects);
    if (fault === undefined) this.isAnswered = true;
    else this.#unusable(`invalid filter HTTPRouteFilter: ${fault}`);
  }

  /** `false`: the rewrite cannot be used. */
  #extend(rewrite: JsonObject): boolean {
    const isTwice = this.#rewritten.extension.size > 0 && (rewrite.path ?? rewrite.hostname) !== undefined;
    const fault = isTwice || this.#isTaken(rewrite, "core") ? TWO_REWRITES : rewriteFault(rewrite);
    this.#refuse(fault);
    if (fault === undefined) this.#note(rewrite, "extension");
    return fault === undefined;
  }

  #unusable(message: string): void {
    this.#refuse(message);
    this.isAnswered = true;
  }
}

function addressFault(hostname: Json | undefined): string | undefined {
  const host = jsonString(hostname) ?? "";
  return isIP(host) === 0 ? undefined : `hostname: ${JSON.stringify(host)} cannot be an ip address`;
}
