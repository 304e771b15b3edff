import type { Ingress } from "../../model/resource.ts";
import { given, sameList } from "../query.ts";

/** Ingresses with rules for a host, oldest first. `""`: rules without host */
export const INGRESSES_OF = given<string, readonly Ingress[] | undefined>("Ingresses of a host", sameList);
/** The oldest Ingress with a default backend. */
export const FALLBACK = given<undefined, Ingress | undefined>("first default backend");
