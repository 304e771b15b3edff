import { headersThatDiffer } from "../../../diff/aspects.ts";
import type { Ingress } from "../../../model/resource.ts";
import type { Explains } from "../target.ts";
import type { AnnotationParts } from "./annotation-parts.ts";
import { isOf } from "./lost.ts";

export const NO_FASTCGI = "nothing speaks FastCGI to the pods: they get HTTP, and none of its parameters";

/** No target speaks FastCGI. */
export function sayOfFastCgi(parts: AnnotationParts): void {
  if (parts.nginx.settings.transport.protocol !== "FCGI") return;
  parts.done("backend-protocol");
  parts.say("backend-protocol", NO_FASTCGI, ofFastCgi(parts.ingress));
}

/** Another protocol tells of a request in other ways. */
export function ofFastCgi(ingress: Ingress): Explains {
  return (difference) => {
    if (!isOf(ingress, difference)) return undefined;
    const { first, second } = difference;
    const names = headersThatDiffer(first.behaviour.requestHeaders, second.behaviour.requestHeaders);
    return { aspects: ["settings"], requestHeaders: names.map((name) => name.toLowerCase()) };
  };
}
