import { CONTOUR } from "../../compile/contour/facts.ts";
import { GATEWAY_API } from "../../compile/gateway-api/facts.ts";

/** What `convert --to` takes beside versions. `targets.ts` maps each name to its code. */
export const TARGET_NAMES = [GATEWAY_API.name, CONTOUR.name] as const;

export type TargetName = (typeof TARGET_NAMES)[number];
