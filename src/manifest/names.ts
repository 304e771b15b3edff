import { byteLength } from "../request/go-text.ts";

/**
 * Kubernetes' name rules in the API server's words (k8s.io/apimachinery `pkg/util/validation`,
 * `pkg/api/validate/content`). A check returns the faults of a value.
 */
export type NameCheck = (value: string) => readonly string[];

/** unit: bytes */
const MOST_OF_SUBDOMAIN = 253;
const MOST_OF_LABEL = 63;

const LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;
const WILDCARD = `\\*\\.${SUBDOMAIN}`;
const LABEL_1035 = "[a-z]([-a-z0-9]*[a-z0-9])?";
const KEY = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const VALUE = `(${KEY})?`;

/** Shared by all good values, which nearly all are: a list for each would be 2 % of the time of reading. */
const NO_FAULTS: readonly string[] = [];

const isLabel = whole(LABEL);
const isShortSubdomain = whole(SUBDOMAIN);
/** Label by label: a repeated group overflows the stack on a name of millions of characters. */
const isSubdomain = (value: string) =>
  value.length <= MOST_OF_SUBDOMAIN ? isShortSubdomain(value) : value.split(".").every(isLabel);
const isWildcard = (value: string) => value.startsWith("*.") && isSubdomain(value.slice(2));
const isLabel1035 = whole(LABEL_1035);
const isKey = whole(KEY);
const isValue = whole(VALUE);
/** A key of a label that is not too long as a whole, nor are its parts. */
const isShortKey = whole(`(?:${SUBDOMAIN}/)?${KEY}`);

/** A Go regular expression from `^` to `$`; in neither language does `$` match before a last newline. */
function whole(source: string): (value: string) => boolean {
  const pattern = new RegExp(`^(?:${source})$`);
  return (value) => pattern.test(value);
}

/** It counts bytes, whatever it says. */
function tooLong(
  value: string,
  limit: number,
  unit: "bytes" | "characters" = "characters",
): readonly string[] {
  // A code unit is at most three bytes, so most values need no counting.
  return value.length * 3 > limit && byteLength(value) > limit
    ? [`must be no more than ${limit} ${unit}`]
    : NO_FAULTS;
}

function regexError(message: string, regex: string, ...examples: readonly string[]): string {
  const shown = examples.map((example) => `'${example}', `).join(" or ");
  return `${message} (e.g. ${shown}regex used for validation is '${regex}')`;
}

const ENDS = "start and end with an alphanumeric character";

/** RFC 1123 subdomain: most object names, hosts. */
export const dns1123Subdomain: NameCheck = (value) => subdomain(value, "characters");

/** The part before the slash of a label's or an annotation's key. */
const keyPrefix: NameCheck = (value) => subdomain(value, "bytes");

function subdomain(value: string, unit: "bytes" | "characters"): readonly string[] {
  const long = tooLong(value, MOST_OF_SUBDOMAIN, unit);
  if (isSubdomain(value)) return long;
  const message = `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must ${ENDS}`;
  return [...long, regexError(message, SUBDOMAIN, "example.com")];
}

/** RFC 1123 label: namespaces. */
export const dns1123Label: NameCheck = (value) => {
  const long = tooLong(value, MOST_OF_LABEL);
  if (isLabel(value)) return long;
  const message = `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must ${ENDS}`;
  const wrong = isSubdomain(value)
    ? "must not contain dots"
    : regexError(message, LABEL, "my-name", "123-abc");
  return [...long, wrong];
};

/** RFC 1035 label: Services. */
export const dns1035Label: NameCheck = (value) => {
  const long = tooLong(value, MOST_OF_LABEL);
  if (isLabel1035(value)) return long;
  const message =
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character";
  return [...long, regexError(message, LABEL_1035, "my-name", "abc-123")];
};

/** `*.` before an RFC 1123 subdomain: wildcard hosts. */
export const wildcardSubdomain: NameCheck = (value) => {
  const message =
    "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character";
  const wrong = isWildcard(value) ? [] : [regexError(message, WILDCARD, "*.example.com")];
  return [...tooLong(value, MOST_OF_SUBDOMAIN), ...wrong];
};

const KEY_MESSAGE = `must consist of alphanumeric characters, '-', '_' or '.', and must ${ENDS}`;
const keyError = () => regexError(KEY_MESSAGE, KEY, "MyName", "my.name", "123-abc");

/** Keys of labels and, in lower case, of annotations: `[prefix/]name`. */
export const qualifiedName: NameCheck = (value) => {
  if (value.length <= MOST_OF_LABEL && isShortKey(value)) return NO_FAULTS;
  const parts = value.split("/");
  if (parts.length > 2) {
    return [
      `a valid label key ${keyError()} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  const name = parts.at(-1) ?? "";
  const prefix = parts.length === 2 ? (parts[0] ?? "") : undefined;
  const wrong = prefix === undefined ? [] : prefix === "" ? ["must be non-empty"] : keyPrefix(prefix);
  const length = name === "" ? ["must be non-empty"] : tooLong(name, MOST_OF_LABEL, "bytes");
  const form = isKey(name) ? [] : [keyError()];
  return [
    ...wrong.map((fault) => `prefix part ${fault}`),
    ...[...length, ...form].map((fault) => `name part ${fault}`),
  ];
};

export const labelValue: NameCheck = (value) => {
  const long = tooLong(value, MOST_OF_LABEL, "bytes");
  if (isValue(value)) return long;
  const message = `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must ${ENDS}`;
  return [...long, regexError(message, VALUE, "MyValue", "my_value", "12345")];
};

const CONFIG_KEY = "[-._a-zA-Z0-9]+";
const isConfigKey = whole(CONFIG_KEY);

/** Keys of ConfigMaps and Secrets: names of files. */
export const configKey: NameCheck = (value) => {
  const message = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'";
  const form = isConfigKey(value)
    ? []
    : [regexError(message, CONFIG_KEY, "key.name", "KEY_NAME", "key-name")];
  const faults = [...tooLong(value, MOST_OF_SUBDOMAIN), ...form];
  if (value === "." || value === "..") return [...faults, `must not be '${value}'`];
  return value.startsWith("..") ? [...faults, "must not start with '..'"] : faults;
};

/** Port names (RFC 6335 in lower case). */
export const portName: NameCheck = (value) => [
  ...tooLong(value, 15),
  ...(/^[-a-z0-9]+$/.test(value)
    ? []
    : ["must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)"]),
  ...(/[a-z]/.test(value) ? [] : ["must contain at least one letter (a-z)"]),
  ...(value.includes("--") ? ["must not contain consecutive hyphens"] : []),
  ...(value.startsWith("-") || value.endsWith("-") ? ["must not begin or end with a hyphen"] : []),
];

/** URL segments: kinds and names of `resource` backends. */
export const pathSegment: NameCheck = (value) => {
  if (value === "." || value === "..") return [`may not be '${value}'`];
  return ["/", "%"].filter((part) => value.includes(part)).map((part) => `may not contain '${part}'`);
};

/** True for an IP address by Go's `ParseIPSloppy` (leading zeros allowed). */
export function isIpAddress(value: string): boolean {
  const quads = value.split(".");
  if (quads.length === 4) return quads.every((quad) => /^[0-9]{1,}$/.test(quad) && Number(quad) <= 255);
  return value.includes(":") && isIpv6(value);
}

function isIpv6(value: string): boolean {
  const [head = "", tail, ...more] = value.split("::");
  if (more.length > 0) return false;
  const groups = (part: string | undefined) => (part === undefined || part === "" ? [] : part.split(":"));
  const all = [...groups(head), ...groups(tail)];
  const count = all.reduce((sum, group) => sum + (group.includes(".") ? 2 : 1), 0);
  const right = all.every((group, at) => {
    return /^[0-9a-fA-F]{1,4}$/.test(group) || (at === all.length - 1 && isIpAddress(group));
  });
  return right && (tail === undefined ? count === 8 : count < 8);
}
