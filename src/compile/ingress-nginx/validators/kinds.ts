import { compileRe2 } from "../../../re2/re2.ts";
import { readAddresses } from "../../nginx-annotations/addresses.ts";
import { goBoolean } from "../config-map/go-values.ts";
import { IsValidRegex, MaliciousRegex } from "./patterns.ts";

/**
 * True for an accepted value. The controller never validates empty ones (annotations/parser/validators.go).
 */
export type Validator = (value: string) => boolean;

/** ValidateRegex with removeSpace: ignores blanks anywhere in the value. */
export function blanksRemoved(pattern: RegExp): Validator {
  const exact = asWritten(pattern);
  return (value) => exact(value.replaceAll(" ", ""));
}

export function asWritten(pattern: RegExp): Validator {
  return (value) => pattern.test(value) && !MaliciousRegex.test(value);
}

/** ValidateRegex, and the parser validates the value once more with its blanks (annotations/cors/main.go). */
export function arrayOf(pattern: RegExp): Validator {
  const validator = blanksRemoved(pattern);
  return (value) => validator(value) && pattern.test(value.trim());
}

export function anyOf(options: readonly string[], letters: "exact case" | "any case"): Validator {
  return (value) => {
    const trimmed = value.trim();
    return options.includes(letters === "any case" ? trimmed.toLowerCase() : trimmed);
  };
}

/** ValidateBool: Go's `strconv.ParseBool`; `"yes"` and `" true"` are refused. */
export const bool: Validator = (value) => value !== "" && goBoolean(value) !== undefined;

const HIGHEST = 2n ** 63n - 1n;

/** ValidateInt: Go's 64-bit `strconv.Atoi`. */
export const int: Validator = (value) => {
  const [, sign, digits = ""] = /^([-+]?)0*(\d+)$/.exec(value) ?? [];
  if (sign === undefined || digits.length > 19) return false;
  return BigInt(digits) <= (sign === "-" ? HIGHEST + 1n : HIGHEST);
};

/** ValidateServerName: names, and expressions for them. */
export const validServerName: Validator = (value) => IsValidRegex.test(value.trim());

/** ValidateArrayOfServerName. */
export const validServerNames: Validator = (value) => value.split(",").every(validServerName);

/** ValidateCIDRs. */
export const cidrs: Validator = (value) => readAddresses(value) !== undefined;

/** ValidateServiceName: Kubernetes' DNS-1035 label. */
export const serviceName: Validator = (value) => /^[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?$/.test(value);

/** CommonNameAnnotationValidator: validated as a Go expression, although nginx runs it. */
export const commonName: Validator = (value) =>
  value.startsWith("CN=") && compileRe2(value.slice(3)).kind === "compiled";
