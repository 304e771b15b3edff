import { fieldsOf, listOf, numberIn, textIn } from "./fields.ts";
import type { KnownOutcome } from "./known-outcome.ts";

/** The field `_ingressDev`, and how much of the request's body is not in the entry. */
export interface ReadKnown {
  readonly outcome: KnownOutcome;
  /** The body was longer than what is kept of one. */
  readonly cut: boolean;
  /** unit: bytes */
  readonly bodySize: number | undefined;
}

const DECISIONS = ["forward", "redirect", "respond"] as const;

/** `undefined` for entries of other tools. */
export function readKnown(value: unknown): ReadKnown | undefined {
  const fields = fieldsOf(value);
  const decision = DECISIONS.find((word) => word === fields?.decision);
  if (fields === undefined || decision === undefined) return undefined;
  const rule = fieldsOf(fields.rule);
  const backend = fieldsOf(fields.backend);
  const port = numberIn(backend, "port") ?? textIn(backend, "port") ?? "";
  const outcome: KnownOutcome = {
    id: textIn(fields, "id"),
    decision,
    ingress: textIn(fields, "ingress"),
    rule: rule && {
      host: textIn(rule, "host") ?? "",
      path: textIn(rule, "path") ?? "",
      pathType: textIn(rule, "pathType") ?? "",
    },
    backend: backend && {
      namespace: textIn(backend, "namespace") ?? "",
      service: textIn(backend, "service") ?? "",
      port,
    },
    upstream: textIn(fields, "upstream"),
    upstreamPath: textIn(fields, "upstreamPath"),
    why: texts(fields.why),
    error: textIn(fields, "error"),
    client: textIn(fields, "client"),
    masked: texts(fields.masked),
    malformed: fields.malformed === true || undefined,
  };
  return { outcome, cut: fields.requestCut === true, bodySize: numberIn(fields, "requestBytes") };
}

function texts(value: unknown): readonly string[] {
  return listOf(value).filter((item) => typeof item === "string");
}
