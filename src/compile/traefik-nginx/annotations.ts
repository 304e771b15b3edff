import type { Reason, ReasonCode } from "../../model/reason.ts";
import { reason } from "../../model/reason.ts";
import type { Ingress } from "../../model/resource.ts";
import { textAsBytes } from "../../request/utf8.ts";
import { PREFIX } from "../nginx-annotations/prefix.ts";
import { ingressName } from "../problem.ts";
import { placeOf } from "../route.ts";

/** The annotations of one Ingress as the provider reads them. A value of another type counts as absent. */
export class NginxAnnotations {
  readonly ingress: Ingress;

  constructor(ingress: Ingress) {
    this.ingress = ingress;
  }

  get namespace(): string {
    return this.ingress.metadata.namespace;
  }

  has(name: string): boolean {
    return this.ingress.metadata.annotations.has(PREFIX + name);
  }

  text(name: string): string | undefined {
    return this.ingress.metadata.annotations.get(PREFIX + name);
  }

  /** As it is sent in headers: UTF-8, one char per byte. */
  bytes(name: string): string | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : textAsBytes(text);
  }

  /** `true` in any case; anything else is false. */
  boolean(name: string): boolean | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : text.toLowerCase() === "true";
  }

  integer(name: string): number | undefined {
    const text = this.text(name);
    return text !== undefined && isWholeNumber(text) ? Number(text) : undefined;
  }

  /** Split at commas. */
  list(name: string): readonly string[] | undefined {
    return this.text(name)
      ?.split(",")
      .map((item) => item.trim());
  }

  /** `the annotation auth-url of Ingress default/web` */
  nameOf(name: string): string {
    return `the annotation ${name} of Ingress ${ingressName(this.ingress)}`;
  }

  fieldOf(name: string): string {
    return `metadata.annotations[${PREFIX}${name}]`;
  }

  because(code: ReasonCode, name: string, text: string): Reason {
    return reason(code, text, placeOf(this.ingress, this.fieldOf(name)));
  }
}

/** A whole number as Go's strconv reads it. */
export function isWholeNumber(text: string): boolean {
  return /^[+-]?\d{1,18}$/.test(text);
}
