import { UserError } from "../../errors.ts";
import type { ApiResponse } from "../../model/cluster.ts";

/**
 * The reason why a request to the API server failed.
 *
 * `unreached`: no answer, or one that broke off. `credentials`: 401, or no credentials to send. `forbidden`, `absent`,
 * `expired`: 403, 404, 410. `busy`: 429, or 503 with the time to wait. `broken`: every other useless answer.
 */
export type FaultKind = "unreached" | "credentials" | "forbidden" | "absent" | "expired" | "busy" | "broken";

export class ApiFault extends Error {
  override readonly name = "ApiFault";
  readonly kind: FaultKind;
  /** The API server's `Retry-After`, in ms. */
  readonly retryAfterMs: number;
  /** The next step when the fault is this computer's (credentials). */
  readonly userError: UserError | undefined;

  constructor(kind: FaultKind, message: string, more: { retryAfterMs?: number; userError?: UserError } = {}) {
    super(message);
    this.kind = kind;
    this.retryAfterMs = more.retryAfterMs ?? 0;
    this.userError = more.userError;
  }
}

/** The characters of an answer without `Status` that are repeated. */
const WORDS = 200;

/** A field of an unknown value. */
export function fieldOf(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
  return Object.entries(value).find(([name]) => name === key)?.[1];
}

function kindOf(status: number): FaultKind {
  switch (status) {
    case 401:
      return "credentials";
    case 403:
      return "forbidden";
    case 404:
      return "absent";
    case 410:
      return "expired";
    case 429:
      return "busy";
    default:
      return "broken";
  }
}

/** The fault of a `Status` (`code`, `message`): an answer's body or an `ERROR` event of a watch. */
export function faultOfStatus(code: number, body: unknown, retryAfterMs = 0): ApiFault {
  const message = fieldOf(body, "message");
  const said = typeof message === "string" && message !== "" ? message : "no reason given";
  const kind = code === 503 && retryAfterMs > 0 ? "busy" : kindOf(code);
  return new ApiFault(kind, `the API server answered ${code}: ${said}`, { retryAfterMs });
}

/** `Retry-After` in seconds, as the API server writes it. */
function retryAfterOf({ headers }: ApiResponse): number {
  const seconds = Number(headers["retry-after"]);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : 0;
}

/** The fault of an answer whose status is not 200. Reads its body. */
export async function faultOfResponse(response: ApiResponse): Promise<ApiFault> {
  const text = await response.text();
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = { message: text.replace(/\s+/g, " ").trim().slice(0, WORDS) };
  }
  return faultOfStatus(response.status, body, retryAfterOf(response));
}

/** Any error as a fault: an unknown one is a connection that did not hold. */
export function faultOf(error: unknown): ApiFault {
  if (error instanceof ApiFault) return error;
  if (error instanceof UserError) return new ApiFault("credentials", error.message, { userError: error });
  return new ApiFault("unreached", messageOf(error));
}

/** Node's error for several addresses has no message. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === "") return error.errors.map(messageOf).join("; ");
  if (!(error instanceof Error)) return String(error);
  // Node's word for a response that the other side did not end.
  return error.message === "aborted" ? "the connection broke off" : error.message;
}
