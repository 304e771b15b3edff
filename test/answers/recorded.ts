import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { ControllerName } from "../../src/compile/controllers.ts";
import type { Answer, Ask, GivenObject, GivenSet } from "../controllers/given.ts";
import { withoutUnknown } from "./without-unknown.ts";

/** A question to a controller with several ports and addresses. */
export interface RecordedAsk extends Omit<Ask, "headers"> {
  readonly headers?: Readonly<Record<string, string>> | readonly (readonly [string, string])[];
  /** Of the listener. default: 80, with tls 443 */
  readonly port?: number;
  /** `NAMESPACE/NAME`. default: the set's first Gateway */
  readonly gateway?: string;
  /** default: HTTP/1.1 */
  readonly proto?: string;
  /** The client's address. */
  readonly from?: string;
  /** Waits before it. unit: s */
  readonly sleep?: number;
  /** So many at once. */
  readonly parallel?: number;
  /** All headers of the answer were kept. default: some */
  readonly all?: boolean;
  /** Sends the cookies of an earlier answer, by its place. */
  readonly cookieFrom?: number;
}

interface RecordedAnswer extends Answer {
  /** The status of gRPC. */
  readonly grpc?: number;
  /** What a WebSocket, or TCP, gave back. */
  readonly echo?: string;
  readonly raw?: string;
  /** What the pod saw of a handshake that passed by. */
  readonly backendTLS?: unknown;
  readonly shares?: Readonly<Record<string, number>>;
  /** Of questions at once: status, Service or body, tries. */
  readonly parallel?: readonly (readonly [status: number, by: string, tries: number])[];
}

/** One question with its answer, or with all that may come. */
export interface Recorded {
  readonly ask: RecordedAsk;
  readonly answer: RecordedAnswer;
  readonly varies?: boolean;
  readonly oneOf?: readonly RecordedAnswer[];
}

/** Objects given to a real controller, with its answers. */
export interface RecordedSet extends Omit<GivenSet, "answers"> {
  readonly answers: readonly Recorded[];
  /** Addresses of each Service's pods, by `namespace/name`. */
  readonly addresses?: Readonly<Record<string, readonly string[]>>;
  /** Command-line flags of the controller. */
  readonly flags?: readonly string[];
  readonly status?: readonly unknown[];
  /** Routes were made a second apart, in the order given. */
  readonly aged?: boolean;
  readonly proxies?: readonly unknown[];
  /** The answers come from the configuration before. */
  readonly sentinelNeverReady?: boolean;
}

/** What a controller's installation brings. */
const INSTALLED: { readonly [Name in ControllerName | "traefik"]?: readonly GivenObject[] } = {
  traefik: [
    ingressClass("traefik", "traefik.io/ingress-controller", {
      "ingressclass.kubernetes.io/is-default-class": "true",
    }),
  ],
};

function ingressClass(name: string, controller: string, annotations: Readonly<Record<string, string>> = {}) {
  const object = {
    apiVersion: "networking.k8s.io/v1",
    kind: "IngressClass",
    metadata: { name, annotations },
    spec: { controller },
  };
  return object as GivenObject;
}

/** The sets of a controller, with the objects of its installation. `undefined`: none are recorded. */
export function recordedSets(controller: ControllerName): readonly RecordedSet[] | undefined {
  const file = new URL(`./${controller}.json.gz`, import.meta.url);
  if (!existsSync(file)) return undefined;
  const sets: readonly RecordedSet[] = JSON.parse(gunzipSync(readFileSync(file)).toString("utf8"));
  return sets.map((set) => ({
    ...set,
    objects: [...(INSTALLED[controller] ?? []), ...agedObjects(set, controller).map(withoutUnknown)],
    answers: set.answers.map((each) => ({ ...each, ask: { from: CLIENTS[controller], ...each.ask } })),
  }));
}

/** The address of the laboratory's client. default: 127.0.0.1 */
const CLIENTS: { readonly [Name in ControllerName]?: string } = { "gateway-api": "198.18.0.1" };

/** The Ingresses of a set without times were made in one second. */
const MADE_AT_ONCE: ReadonlySet<ControllerName> = new Set(["traefik-nginx"]);

function agedObjects({ aged, objects }: RecordedSet, controller: ControllerName): readonly GivenObject[] {
  if (aged !== true && !MADE_AT_ONCE.has(controller)) return objects;
  return objects.map((object, at) => {
    const made = new Date(Date.UTC(2024, 0, 1) + (aged === true ? at * 1_000 : 0));
    const metadata = { creationTimestamp: made.toISOString().replace(".000", ""), ...object.metadata };
    return { ...object, metadata };
  });
}
