import type { ControllerOptions } from "../../../model/controller.ts";
import type { ForwardedStep } from "../../../step/forwarded.ts";
import type { HeadersStep } from "../../../step/headers.ts";
import type { HstsStep } from "../../../step/hsts.ts";
import type { HttpsStep } from "../../../step/https.ts";
import type { Step } from "../../../step/step.ts";
import type { LocationSettings } from "../locations/location-settings.ts";

/** The steps that the controller's options put on every location: made once, and shared by all routes of a table. */
export interface ControllerSteps {
  readonly hsts: HstsStep | undefined;
  /** `add-headers`, `hide-headers`, `server-tokens`: on every response, also those that no location makes. */
  readonly response: HeadersStep | undefined;
  readonly forwarded: ForwardedStep | undefined;
  /** `proxy-set-headers`. */
  readonly request: HeadersStep | undefined;
  readonly options: ControllerOptions;
  /** Names and wildcards with a certificate. */
  readonly certificates: ReadonlySet<string>;
  /** Redirects to https, by what they differ in. */
  readonly https: Map<string, HttpsStep>;
  /** Each list of steps once: 100,000 plain routes have the same. */
  readonly lists: StepLists;
  /** Those of locations with nothing of their server in them, by settings. */
  readonly plain: Map<LocationSettings, readonly Step[]>;
}

export function controllerSteps(
  options: ControllerOptions,
  certificates: ReadonlySet<string>,
): ControllerSteps {
  const { hsts, everywhere, backendServer, requestHeaders } = options;
  const setsResponse = everywhere !== undefined || backendServer !== undefined;
  return {
    hsts: hsts === undefined ? undefined : { kind: "hsts", header: ["Strict-Transport-Security", hsts] },
    response: setsResponse ? { kind: "headers", response: everywhere, backendServer } : undefined,
    forwarded: forwardedStep(options),
    request: requestHeaders && { kind: "headers", beside: requestHeaders },
    options,
    certificates,
    https: new Map(),
    lists: new StepLists(),
    plain: new Map(),
  };
}

function forwardedStep({ forwarded, originals, client }: ControllerOptions): ForwardedStep | undefined {
  const { requestId } = client;
  if (forwarded === undefined && originals === undefined && requestId === "generated") return undefined;
  return { kind: "forwarded", chain: forwarded?.chain, originals, requestId };
}

class StepLists {
  readonly #root: ListNode = { list: [], next: new Map() };

  of(steps: readonly Step[]): readonly Step[] {
    let node = this.#root;
    for (const step of steps) {
      const next: ListNode = node.next.get(step) ?? { list: [...node.list, step], next: new Map() };
      node.next.set(step, next);
      node = next;
    }
    return node.list;
  }
}

/** A list, and those that go on from it. */
interface ListNode {
  readonly list: readonly Step[];
  readonly next: Map<Step, ListNode>;
}
