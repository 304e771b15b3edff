import type { CustomKind } from "../../model/custom-kinds.ts";
import type { Place } from "../../model/reason.ts";
import type { CustomResource, Ingress, IngressPath } from "../../model/resource.ts";
import type { IngressRef } from "../../model/route.ts";

/** An object by name, and a field of it, whose line is found when it is asked for: it moves with the document. */
class Reference implements IngressRef {
  readonly #ingress: Ingress | CustomResource;
  readonly #at: string | IngressPath;

  constructor(ingress: Ingress | CustomResource, at: string | IngressPath) {
    this.#ingress = ingress;
    this.#at = at;
  }

  get kind(): CustomKind | undefined {
    const { kind } = this.#ingress;
    return kind === "Ingress" ? undefined : kind;
  }

  get namespace(): string {
    return this.#ingress.metadata.namespace;
  }

  get name(): string {
    return this.#ingress.metadata.name;
  }

  get file(): string {
    return this.#ingress.origin.file;
  }

  get line(): number {
    const { origin } = this.#ingress;
    const at = this.#at;
    if (typeof at === "string") return origin.lineOf(at);
    return at.lineBelow === undefined ? origin.lineOf(at.field) : origin.line + at.lineBelow;
  }
}

class FieldPlace extends Reference implements Place {
  readonly field: string;

  constructor(ingress: Ingress | CustomResource, field: string) {
    super(ingress, field);
    this.field = field;
  }

  get ingress(): string {
    return `${this.namespace}/${this.name}`;
  }
}

/** `at`: a path of an Ingress, or a field */
export function refOf(ingress: Ingress | CustomResource, at: string | IngressPath): IngressRef {
  return new Reference(ingress, at);
}

export function placeOf(ingress: Ingress | CustomResource, field: string): Place {
  return new FieldPlace(ingress, field);
}
