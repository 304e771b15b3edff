/** How long things may take, in ms. Parameters, so that tests need not wait. */
export interface ApiLimits {
  /** From the start of a request to an established connection, TLS included. */
  readonly connectMs: number;
  /** From there to the head of the response. */
  readonly answerMs: number;
  /** The longest silence within a response's body, unless a request has a limit of its own. */
  readonly idleMs: number;
  /** A credential plugin. */
  readonly execMs: number;
  /** How long what is in files (kubeconfig, token) is taken for true: client-go reads token files once a minute. */
  readonly filesMs: number;
  /** The least time between two renewals of credentials that the API server refused. */
  readonly renewMs: number;
}

/** What holds outside of tests. */
export const API_LIMITS: ApiLimits = {
  connectMs: 10_000,
  answerMs: 30_000,
  idleMs: 30_000,
  execMs: 30_000,
  filesMs: 60_000,
  renewMs: 30_000,
};
