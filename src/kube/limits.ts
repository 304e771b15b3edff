/** unit: ms. Parameters, so that tests need not wait. */
export interface ApiLimits {
  /** From a request's start to its connection, TLS included. */
  readonly connectMs: number;
  /** From the connection to the response's head. */
  readonly answerMs: number;
  /** Longest silence within a response's body; requests may override it. */
  readonly idleMs: number;
  readonly execMs: number;
  /** Validity of file contents (kubeconfig, token); client-go reads token files once a minute. */
  readonly filesMs: number;
  /** Least time between two renewals of refused credentials. */
  readonly renewMs: number;
}

export const API_LIMITS: ApiLimits = {
  connectMs: 10_000,
  answerMs: 30_000,
  idleMs: 30_000,
  execMs: 30_000,
  filesMs: 60_000,
  renewMs: 30_000,
};
