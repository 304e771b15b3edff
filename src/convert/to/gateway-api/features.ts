import { affinityParts } from "./features/affinity.ts";
import { backendProtocolParts } from "./features/backend-protocol.ts";
import { corsParts } from "./features/cors.ts";
import { externalAuthParts } from "./features/external-auth.ts";
import { headersParts } from "./features/headers.ts";
import { mirrorParts } from "./features/mirror.ts";
import { redirectParts } from "./features/redirect.ts";
import { securityParts } from "./features/security.ts";
import { trafficParts } from "./features/traffic.ts";
import type { IngressParts } from "./parts.ts";

/** Groups of annotations, each with what it comes to. */
export const FEATURES: readonly ((parts: IngressParts) => void)[] = [
  headersParts,
  redirectParts,
  corsParts,
  securityParts,
  externalAuthParts,
  trafficParts,
  affinityParts,
  mirrorParts,
  backendProtocolParts,
];
