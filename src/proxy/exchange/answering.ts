import type { ClientOptions } from "../../model/client-options.ts";
import type { HeaderLine, MadeBy } from "../../model/decision.ts";
import type { AnswerCause } from "../../model/plane.ts";
import type { Reason } from "../../model/reason.ts";
import type { ProxyLimits } from "../limits.ts";
import type { Exchange } from "./exchange.ts";
import type { HitRecord } from "./hit-record.ts";

/** Reports to the outside. */
export interface Telling {
  /** Reports the end of a request; once each. */
  readonly tell: (hit: HitRecord) => void;
  /** Receives bugs of ours, each of which ended one request or connection. */
  readonly onFault: (fault: unknown) => void;
}

/** Needed for answers to clients. */
export interface Answering extends Telling {
  readonly limits: ProxyLimits;
  readonly exact: boolean;
  /** Client settings now (the controller's ConfigMap); taken once per connection or request. */
  readonly client: () => ClientOptions;
  /** The value of `Date` now. */
  readonly date: () => string;
  /** While the proxy stops, each answer is its connection's last. */
  readonly isDraining: () => boolean;
  /** Answers with an own reply, or with its replacement (`custom-http-errors`). */
  readonly answer: (exchange: Exchange, reply: LocalReply) => void;
}

/** An answer of the proxy's own. */
export interface LocalReply {
  readonly status: number;
  readonly why: readonly Reason[];
  /** Only for a redirect. */
  readonly location?: string | undefined;
  /** default: by the status */
  readonly cause?: AnswerCause | undefined;
  /** Replaces the plane's body for the status. */
  readonly text?: string | undefined;
  /** Sent as it is, in place of the plane's; its type is among `headers`. */
  readonly body?: Uint8Array | undefined;
  readonly headers?: readonly HeaderLine[] | undefined;
  /** default: the location */
  readonly madeBy?: MadeBy | undefined;
  /** default: one is looked for */
  readonly errorPage?: "not looked for" | undefined;
}
