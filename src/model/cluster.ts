import type { Readable } from "node:stream";
import type { WebSocket } from "ws";

/** One request to an API server. */
export interface ApiRequest {
  /** `GET` where it is left out. */
  readonly method?: string | undefined;
  /** Sent as JSON, unless it is text. */
  readonly body?: string | object | undefined;
  /** Of a body that is text; `application/json` where it is left out. */
  readonly contentType?: string | undefined;
  /** The `Accept` header; `application/json` where it is left out. */
  readonly accept?: string | undefined;
  /** Ends the request, its response's body included. */
  readonly signal?: AbortSignal | undefined;
  /** How long, in ms, the body may say nothing before the connection counts as dead; the connection's own limit where it is left out. */
  readonly idleMs?: number | undefined;
}

/** What an API server answered, whatever the status. */
export interface ApiResponse {
  readonly status: number;
  /** By names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Ends with an error where the connection breaks, or says nothing for longer than `idleMs`. */
  readonly body: Readable;
  /** The whole body (at most 256 MiB) as text. */
  readonly text: () => Promise<string>;
  /** The whole body as JSON; fails with a `SyntaxError` where it is none. */
  readonly json: () => Promise<unknown>;
}

/** An answer of the API server that a WebSocket could not be opened for, as an error. */
export interface ApiRefusal extends Error {
  /** Of the HTTP response. */
  readonly status: number;
}

/** Whether a context is one of those that run on this computer (minikube, Docker Desktop, kind and so on). */
export type Locality = "local" | "remote";

/**
 * The way to one API server with one user's credentials: passed as a value to whatever reads the cluster, forwards to its
 * pods or examines it. Holds no connection open by itself.
 */
export interface ApiConnection {
  /** The name of the context in the kubeconfig. */
  readonly context: string;
  /** `https://192.168.49.2:8443`, without a slash at the end. */
  readonly server: string;
  /** The namespace of the context, `default` where it names none. */
  readonly namespace: string;
  readonly local: Locality;
  /**
   * Asks the API server for a path (`/api/v1/pods?limit=500`). An answer of any status is an answer; a 401 is answered
   * once with fresh credentials before it counts. Fails where no answer comes: with a `UserError` where the credentials
   * cannot be had, with the connection's own error else.
   */
  readonly request: (path: string, request?: ApiRequest) => Promise<ApiResponse>;
  /**
   * Opens a WebSocket with the same credentials, offering the subprotocols. It comes paused, so that no message is lost
   * before there is a listener: call `resume()`. Fails with an `ApiRefusal` where the API server
   * answers with another status than 101, and as `request` does where it does not answer.
   */
  readonly webSocket: (
    path: string,
    protocols: readonly string[],
    signal?: AbortSignal,
  ) => Promise<WebSocket>;
  /** Has the next request read token files anew and run the credential plugin again. */
  readonly refreshCredentials: () => void;
  /** Ends what is under way: requests, WebSockets, a credential plugin. Nothing can be asked afterwards. */
  readonly close: () => void;
}
