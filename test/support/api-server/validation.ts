import { parseManifest } from "../parse-manifest.ts";
import { asText, type KubeObject } from "./object.ts";
import type { ResourceType } from "./resource-type.ts";
import { type ApiError, type Cause, fail, invalid } from "./status.ts";

/** `fieldValidation`: unknown fields are refused, warned of or ignored. */
export type FieldValidation = "Strict" | "Warn" | "Ignore";

const REASONS: readonly (readonly [string, string])[] = [
  ["Required value", "FieldValueRequired"],
  ["Duplicate value", "FieldValueDuplicate"],
  ["Unsupported value", "FieldValueNotSupported"],
  ["Forbidden", "FieldValueForbidden"],
  ["Not found", "FieldValueNotFound"],
];

const STRICT = "strict decoding error: ";

/** Unknown fields of a valid object, as paths such as `spec.rules[0].foo`. */
export interface Validated {
  readonly unknown: readonly string[];
  /** For `Warning` headers. */
  readonly warnings: readonly string[];
}

/**
 * Throws what the API server would answer to an object as written: 400 where it does not decode, 422 where it is not valid.
 * The rules are those of the project's own reader of manifests; this is the only file of the module that knows anything of
 * the project.
 */
export function validate(type: ResourceType, object: KubeObject, fields: FieldValidation): Validated {
  const { problems } = parseManifest(JSON.stringify(object), "request");
  const said: string[] = [];
  const causes: Cause[] = [];
  for (const { level, field, message } of problems) {
    if (level !== "error") continue;
    if (message.startsWith(STRICT)) {
      if (fields === "Strict") throw undecodable(type, message);
      said.push(...message.slice(STRICT.length).split(/, (?=unknown field)/));
    } else if (message.startsWith("json: ") || message.startsWith("no kind ")) {
      throw undecodable(type, message);
    } else if (field !== undefined && message.startsWith(`${field}: `)) {
      causes.push(causeOf(field, message.slice(field.length + 2)));
    }
  }
  if (asText(object.metadata.name) === "" && causes.every((cause) => cause.field !== "metadata.name")) {
    causes.push(causeOf("metadata.name", "Required value: name or generateName is required"));
  }
  if (causes.length > 0) throw invalid(type, asText(object.metadata.name), causes);
  const unknown = said.flatMap((text) => /^unknown field "(.*)"$/.exec(text)?.[1] ?? []);
  return { unknown, warnings: fields === "Warn" ? said : [] };
}

function undecodable(type: ResourceType, why: string): ApiError {
  return fail(400, `${type.kind} in version "${type.version}" cannot be handled as a ${type.kind}: ${why}`);
}

function causeOf(field: string, message: string): Cause {
  const reason = REASONS.find(([start]) => message.startsWith(start))?.[1] ?? "FieldValueInvalid";
  return { reason, message, field };
}
