import { query } from "../../query.ts";
import { CONFIG } from "../config.ts";
import { DEFAULT_TRANSPORT, type IngressSettings } from "../settings.ts";
import { type World, worldUnder } from "../world.ts";
import { readBare } from "./bare.ts";

/** Settings of `/` on a server that no Ingress configures (controller.go, createServers). */
export const OWNERLESS = query<undefined, Pick<IngressSettings, "location" | "transport">>(
  "settings without an Ingress",
  (_, ask) => ownerlessSettings(worldUnder(ask.for(CONFIG).config, ask)),
);

function ownerlessSettings(world: World): Pick<IngressSettings, "location" | "transport"> {
  // Address lists of the ConfigMap are defaults of Ingresses; only block-cidrs holds for every location.
  const { annotationDefaults } = world.config;
  const lists = ["whitelist-source-range", "denylist-source-range"];
  const config = {
    ...world.config,
    annotationDefaults: new Map([...annotationDefaults].filter(([key]) => !lists.includes(key))),
  };
  const { location, transport } = readBare({ ...world, config }).settings;
  const { errorPages, guards } = location;
  const addresses = guards?.addresses;
  const { bodyLimit, connectTimeoutMs, readTimeoutMs, sendTimeoutMs, nextUpstream, buffers } = transport;
  return {
    location: {
      sslRedirect: "never",
      errorPages: errorPages && { ...errorPages, ingress: undefined },
      guards: addresses && { addresses },
    },
    transport: {
      ...DEFAULT_TRANSPORT,
      ...{ bodyLimit, connectTimeoutMs, readTimeoutMs, sendTimeoutMs, nextUpstream, buffers },
    },
  };
}
