import type { Decision, RequestFacts } from "../../model/decision.ts";
import type { Plane } from "../../model/plane.ts";
import type { Carrying } from "../carry/carrying.ts";
import type { ClientConnections } from "../exchange/client-connections.ts";
import type { Exchange } from "../exchange/exchange.ts";
import type { AuthCache } from "./guards/auth-cache.ts";
import type { Health } from "./guards/health.ts";
import type { Nonces } from "./guards/nonces.ts";
import type { Zones } from "./guards/zones.ts";
import type { PasswordCheck } from "./passwords/check.ts";

/** The memory of guards. */
export interface Guarding {
  /** Counts for limits. */
  readonly zones: Zones;
  readonly passwords: PasswordCheck;
  /** For digest authentication. */
  readonly nonces: Nonces;
  /** Of pods that are checked. */
  readonly health: Health;
  /** Answers of authentication services. */
  readonly authCache: AuthCache;
}

/** A client as it is known before its request. */
export type Client = Pick<RequestFacts, "scheme" | "entryPoint" | "tls">;

/** Needed to decide on requests and to carry decisions out. */
export interface Deciding extends Carrying, Guarding {
  readonly decide: (facts: RequestFacts) => Decision;
  /** Reading and answering now; taken once per connection or request. default: of those who are not known yet */
  readonly plane: (client?: Client) => Plane;
  readonly noEndpoints: RequestFacts["noEndpoints"];
  readonly nextShare: RequestFacts["nextShare"];
  readonly connections: ClientConnections;
  readonly requestId: () => string;
  /** Records an exchange from now on. default: none is recorded */
  readonly record: ((exchange: Exchange) => void) | undefined;
}
