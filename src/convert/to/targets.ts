import { CONTOUR } from "../../compile/contour/facts.ts";
import { GATEWAY_API } from "../../compile/gateway-api/facts.ts";
import { TRAEFIK } from "../../compile/traefik/facts.ts";
import { TRAEFIK_NGINX } from "../../compile/traefik-nginx/facts.ts";
import { CONTOUR_TARGET } from "./contour/contour.ts";
import { GATEWAY_API_TARGET } from "./gateway-api/gateway-api.ts";
import type { ConvertTarget } from "./target.ts";
import type { TargetName } from "./target-names.ts";
import { TRAEFIK_TARGET } from "./traefik/traefik.ts";
import { TRAEFIK_NGINX_TARGET } from "./traefik-nginx/traefik-nginx.ts";

/** Every target, by its controller's name. */
export const TARGETS: { readonly [Name in TargetName]: ConvertTarget } = {
  [GATEWAY_API.name]: GATEWAY_API_TARGET,
  [CONTOUR.name]: CONTOUR_TARGET,
  [TRAEFIK.name]: TRAEFIK_TARGET,
  [TRAEFIK_NGINX.name]: TRAEFIK_NGINX_TARGET,
};
