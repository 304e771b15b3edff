import { accessFeatures } from "./features/access.ts";
import { headerFeatures } from "./features/headers.ts";
import { redirectFeatures } from "./features/redirects.ts";
import { serviceFeatures } from "./features/services.ts";
import { mirrorFeature } from "./mirrors.ts";
import type { TraefikParts } from "./parts.ts";

/** In nginx's order: redirects, who is let in, headers, and how Services are asked. */
export function addFeatures(parts: TraefikParts): void {
  redirectFeatures(parts);
  accessFeatures(parts);
  headerFeatures(parts);
  serviceFeatures(parts);
  mirrorFeature(parts);
}
