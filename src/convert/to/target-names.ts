import { CONTOUR } from "../../compile/contour/facts.ts";
import { GATEWAY_API } from "../../compile/gateway-api/facts.ts";
import { TRAEFIK } from "../../compile/traefik/facts.ts";
import { TRAEFIK_NGINX } from "../../compile/traefik-nginx/facts.ts";

/** What `convert --to` takes beside versions. `targets.ts` maps each name to its code. */
export const TARGET_NAMES = [GATEWAY_API.name, CONTOUR.name, TRAEFIK.name, TRAEFIK_NGINX.name] as const;

export type TargetName = (typeof TARGET_NAMES)[number];
