import { bytesAsText } from "../request/utf8.ts";

/** `masked`: values that log somebody in are not written. */
export type SecretValues = "masked" | "written";

/** Takes the place of a secret. */
const MASK = "masked";
/** `masked:masked`: a password that can be read as one. */
const MASKED_BASIC = `Basic ${Buffer.from("masked:masked").toString("base64")}`;

/** Values of cookies that choose a canary, and are nobody's secret. */
const CHOICES: ReadonlySet<string> = new Set(["always", "never"]);

/** Headers, names and values alternating, and the lower-case names of those whose values are masked. */
export interface Masked {
  readonly lines: readonly string[];
  readonly masked: readonly string[];
  /** Masks the same values in a text that repeats them, as an echo does. */
  readonly inText: (text: string) => string;
}

/** As browsers export by default: without the values of `Cookie`, `Set-Cookie` and `Authorization`. */
export function maskedHeaders(flat: readonly string[], secrets: SecretValues): Masked {
  if (secrets === "written") return { lines: flat, masked: [], inText: (text) => text };
  const masked: string[] = [];
  const replacements: (readonly [secret: string, mask: string])[] = [];
  const lines = flat.map((text, i) => {
    if (i % 2 === 0) return text;
    const name = flat[i - 1]?.toLowerCase() ?? "";
    const replaced = maskOf(name, text);
    if (replaced === text) return text;
    masked.push(name);
    replacements.push([text, replaced]);
    return replaced;
  });
  return { lines, masked, inText: (text) => replacements.reduce(replaceIn, text) };
}

/** As it is, or as JSON has it. */
function replaceIn(text: string, [secret, mask]: readonly [string, string]): string {
  const plain = bytesAsText(secret);
  const inJson = JSON.stringify(plain).slice(1, -1);
  return text.replaceAll(plain, mask).replaceAll(inJson, mask);
}

function maskOf(name: string, value: string): string {
  switch (name) {
    case "authorization":
    case "proxy-authorization":
      return /^basic\s/i.test(value) ? MASKED_BASIC : value.replace(/^(\S+\s+|).*$/s, `$1${MASK}`);
    case "cookie":
      return value
        .split(";")
        .map((pair) => maskPair(pair))
        .join(";");
    case "set-cookie": {
      const [pair = "", ...attributes] = value.split(";");
      return [maskPair(pair), ...attributes].join(";");
    }
    default:
      return value;
  }
}

function maskPair(pair: string): string {
  const at = pair.indexOf("=");
  const value = pair.slice(at + 1).trim();
  if (value === "" || CHOICES.has(value)) return pair;
  return at < 0 ? MASK : `${pair.slice(0, at + 1)}${MASK}`;
}
