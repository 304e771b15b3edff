import { qualified, type ResourceType } from "./resource-type.ts";

/** The `Status` object of a failed request. */
export interface StatusBody {
  readonly kind: "Status";
  readonly apiVersion: "v1";
  readonly metadata: object;
  readonly status: "Success" | "Failure";
  readonly message?: string;
  readonly reason?: string;
  readonly details?: object;
  readonly code?: number;
}

/** A mistake in one field. */
export interface Cause {
  /** `FieldValueInvalid`, `FieldValueRequired`, … */
  readonly reason: string;
  readonly message: string;
  readonly field: string;
}

const REASONS: Readonly<Record<number, string>> = {
  400: "BadRequest",
  401: "Unauthorized",
  403: "Forbidden",
  404: "NotFound",
  405: "MethodNotAllowed",
  409: "Conflict",
  410: "Expired",
  415: "UnsupportedMediaType",
  422: "Invalid",
  429: "TooManyRequests",
  500: "InternalError",
  503: "ServiceUnavailable",
  504: "Timeout",
};

/** A request that ends in a `Status`. */
export class ApiError extends Error {
  readonly body: StatusBody;
  readonly headers: readonly (readonly [string, string])[];

  constructor(body: StatusBody, headers: readonly (readonly [string, string])[] = []) {
    super(body.message);
    this.body = body;
    this.headers = headers;
  }
}

/** A failure with the usual reason of its code. */
export function failure(
  code: number,
  message: string,
  more: { reason?: string; details?: object } = {},
): StatusBody {
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message,
    reason: more.reason ?? REASONS[code] ?? "",
    ...(more.details === undefined ? {} : { details: more.details }),
    code,
  };
}

/** A failure as an error. */
export function fail(
  code: number,
  message: string,
  more: { reason?: string; details?: object } = {},
): ApiError {
  return new ApiError(failure(code, message, more));
}

function detailsOf(type: ResourceType, name: string): object {
  return { name, ...(type.group === "" ? {} : { group: type.group }), kind: type.plural };
}

export function notFound(type: ResourceType, name: string): ApiError {
  return fail(404, `${qualified(type)} "${name}" not found`, { details: detailsOf(type, name) });
}

/** The API server's answer for unknown paths; kubectl shows it for unknown kinds. */
export function noSuchResource(): ApiError {
  return fail(404, "the server could not find the requested resource", { details: {} });
}

export function alreadyExists(type: ResourceType, name: string): ApiError {
  const more = { reason: "AlreadyExists", details: detailsOf(type, name) };
  return fail(409, `${qualified(type)} "${name}" already exists`, more);
}

export function conflict(type: ResourceType, name: string): ApiError {
  const message = `Operation cannot be fulfilled on ${qualified(type)} "${name}": the object has been modified; please apply your changes to the latest version and try again`;
  return fail(409, message, { details: detailsOf(type, name) });
}

/** 422 with all causes, joined as by the API server. */
export function invalid(type: ResourceType, name: string, causes: readonly Cause[]): ApiError {
  const said = causes.map((one) => `${one.field}: ${one.message}`);
  const kind = type.group === "" ? type.kind : `${type.kind}.${type.group}`;
  const text = said.length === 1 ? said[0] : `[${said.join(", ")}]`;
  const details = {
    name,
    ...(type.group === "" ? {} : { group: type.group }),
    kind: type.kind,
    causes,
  };
  return fail(422, `${kind} "${name}" is invalid: ${text}`, { details });
}

/** The requested resourceVersion is too old. */
export function expired(asked: number, oldest: number): StatusBody {
  return failure(410, `too old resource version: ${asked} (${oldest})`);
}
