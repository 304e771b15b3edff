/** What ingress-dev knew of a request: the field `_ingressDev` of an entry. Of other tools' entries nothing is known. */
export interface KnownOutcome {
  readonly id?: string | undefined;
  readonly decision: "forward" | "redirect" | "respond";
  /** `default/basic` */
  readonly ingress?: string | undefined;
  readonly rule?: { readonly host: string; readonly path: string; readonly pathType: string } | undefined;
  readonly backend?:
    | { readonly namespace: string; readonly service: string; readonly port: string | number }
    | undefined;
  readonly upstream?: string | undefined;
  readonly upstreamPath?: string | undefined;
  readonly why?: readonly string[] | undefined;
  /** What failed on the way. */
  readonly error?: string | undefined;
  /** The client's address. */
  readonly client?: string | undefined;
  /** Lower-case names of headers whose values are masked. */
  readonly masked?: readonly string[] | undefined;
  /** The head was refused, or is of a form that no client sends again. */
  readonly malformed?: boolean | undefined;
}
