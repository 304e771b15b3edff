import type { ControllerOptions } from "../../../model/controller.ts";
import type { ForwardedStep } from "../../../step/forwarded.ts";
import type { HeadersStep } from "../../../step/headers.ts";
import type { HstsStep } from "../../../step/hsts.ts";
import type { HttpsStep } from "../../../step/https.ts";
import type { Step } from "../../../step/step.ts";
import { query } from "../../query.ts";
import { CONFIG } from "../config.ts";
import type { LocationSettings } from "../locations/location-settings.ts";

/** The steps that the controller's options put on every location: made once, and shared by all routes. */
export interface ControllerSteps {
  readonly hsts: HstsStep | undefined;
  /** `add-headers`, `hide-headers`, `server-tokens`: on every response, also those that no location makes. */
  readonly response: HeadersStep | undefined;
  readonly forwarded: ForwardedStep | undefined;
  /** `proxy-set-headers`. */
  readonly request: HeadersStep | undefined;
  readonly options: ControllerOptions;
  /** Redirects to https, by what they differ in. */
  readonly https: Map<string, HttpsStep>;
  /**
   * Lists of steps with nothing of their server in them but whether it has a certificate, by settings: 100,000 plain
   * routes have the same.
   */
  readonly lists: Readonly<Record<"plain" | "certified", WeakMap<LocationSettings, readonly Step[]>>>;
}

export const CONTROLLER_STEPS = query<undefined, ControllerSteps>("steps of every location", (_, ask) => {
  const { options } = ask.for(CONFIG).config;
  const { hsts, everywhere, backendServer, requestHeaders } = options;
  const setsResponse = everywhere !== undefined || backendServer !== undefined;
  return {
    hsts: hsts === undefined ? undefined : { kind: "hsts", header: ["Strict-Transport-Security", hsts] },
    response: setsResponse ? { kind: "headers", response: everywhere, backendServer } : undefined,
    forwarded: forwardedStep(options),
    request: requestHeaders && { kind: "headers", beside: requestHeaders },
    options,
    https: new Map(),
    lists: { plain: new WeakMap(), certified: new WeakMap() },
  };
});

function forwardedStep({ forwarded, originals, client }: ControllerOptions): ForwardedStep | undefined {
  const { requestId } = client;
  if (forwarded === undefined && originals === undefined && requestId === "generated") return undefined;
  return { kind: "forwarded", chain: forwarded?.chain, originals, requestId };
}
