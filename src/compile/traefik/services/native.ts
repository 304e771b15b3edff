import type { Balancing } from "../../../model/route/balancing.ts";
import type { ServerCookie } from "../../../model/route/server-cookie.ts";
import { balancingBy } from "../../shared/server-cookie.ts";
import { Lost } from "../lost.ts";

/** The choice of endpoints; `nativeLB` and `nodePortLB` leave it to the Service. default: pods in turn */
export function podsBy(
  name: string,
  sticky: ServerCookie | undefined,
  isNative: boolean,
): Balancing | undefined {
  if (!isNative) return sticky && balancingBy(name, sticky);
  return { upstream: name, endpoints: "service", sticky, why: [] };
}

export function withoutAddress(service: string): Lost {
  return new Lost(
    `Service ${service} is headless, which has no address for nativeLB`,
    "Remove nativeLB, or give the Service a clusterIP.",
  );
}
