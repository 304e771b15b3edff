import type { Readable } from "node:stream";
import type { WebSocket } from "ws";

export interface ApiRequest {
  /** default: GET */
  readonly method?: string | undefined;
  /** Objects are sent as JSON. */
  readonly body?: string | object | undefined;
  /** For text bodies. default: `application/json` */
  readonly contentType?: string | undefined;
  /** The `Accept` header. default: `application/json` */
  readonly accept?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /**
   * Longest silence of the body before the connection counts as dead. default: the connection's limit. unit:
   * ms
   */
  readonly idleMs?: number | undefined;
}

export interface ApiResponse {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Fails if the connection breaks, or after `idleMs` of silence. */
  readonly body: Readable;
  /** At most 256 MiB. */
  readonly text: () => Promise<string>;
  /** Rejects with a `SyntaxError` for other text. */
  readonly json: () => Promise<unknown>;
}

/** The API server's answer to a refused WebSocket. */
export interface ApiRefusal extends Error {
  /** HTTP status. */
  readonly status: number;
}

/** `local`: minikube, Docker Desktop, kind and other contexts of this computer. */
export type Locality = "local" | "remote";

/** Access to one API server with one user's credentials. Holds no connection open by itself. */
export interface ApiConnection {
  readonly context: string;
  /** `https://192.168.49.2:8443`, without trailing slash. */
  readonly server: string;
  /** The context's namespace. default: `default` */
  readonly namespace: string;
  readonly local: Locality;
  /**
   * Requests a path (`/api/v1/pods?limit=500`); resolves for any status. A 401 is repeated once with fresh
   * credentials. Rejects without an answer: with a `UserError` if credentials are missing, else with the
   * connection's error.
   */
  readonly request: (path: string, request?: ApiRequest) => Promise<ApiResponse>;
  /**
   * Opens a WebSocket with the same credentials and the given subprotocols. It is paused until `resume()`, so
   * that no message is lost. Rejects with an `ApiRefusal` for any status but 101, otherwise as `request`.
   */
  readonly webSocket: (
    path: string,
    protocols: readonly string[],
    signal?: AbortSignal,
  ) => Promise<WebSocket>;
  /** The next request reads token files and runs the credential plugin again. */
  readonly refreshCredentials: () => void;
  /** Ends requests, WebSockets and credential plugin for good. */
  readonly close: () => void;
}
