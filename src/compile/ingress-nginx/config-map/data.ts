import type { Code } from "../../../errors.ts";
import type { Problem, ProblemLevel } from "../../../model/problem.ts";
import type { ConfigMap } from "../../../model/resource.ts";
import { stopInWords } from "../stop-words.ts";
import { goBoolean, goInteger } from "./go-values.ts";
import { EXACT_NAMES } from "./kinds.ts";

/**
 * Lists that keep clients out. If nginx cannot read an entry, nobody comes in; the other entries still count.
 */
const GUARDS: ReadonlySet<string> = new Set([
  "whitelist-source-range",
  "denylist-source-range",
  "proxy-real-ip-cidr",
  "block-cidrs",
  "block-user-agents",
  "block-referers",
]);

/**
 * The options of the controller's ConfigMap as it reads them. A value of the wrong kind is logged and ignored
 * (template/configmap.go, ReadConfig). Only list entries are trimmed.
 */
export class ConfigData {
  readonly problems: Problem[] = [];
  readonly configMap: ConfigMap;
  readonly #folded: ReadonlyMap<string, string>;
  /** Options whose value nginx refuses; they count as absent, except those of `GUARDS`. */
  readonly #refused = new Set<string>();

  constructor(configMap: ConfigMap) {
    this.configMap = configMap;
    this.#folded = new Map([...configMap.data].map(([key, value]) => [key.toLowerCase(), value]));
  }

  keys(): Iterable<string> {
    return this.configMap.data.keys();
  }

  text(key: string): string | undefined {
    if (this.#refused.has(key)) return undefined;
    return this.configMap.data.get(key) ?? (EXACT_NAMES.has(key) ? undefined : this.#folded.get(key));
  }

  /** Comma-separated and trimmed; `a, ,b` has an empty entry, an empty text has none (splitAndTrimSpace). */
  list(key: string): readonly string[] | undefined {
    return this.text(key)
      ?.split(",")
      .filter((entry) => entry !== "")
      .map((entry) => entry.trim());
  }

  boolean(key: string): boolean | undefined {
    const value = this.text(key);
    return value === undefined ? undefined : goBoolean(value);
  }

  integer(key: string): number | undefined {
    const value = this.text(key);
    return value === undefined ? undefined : goInteger(value);
  }

  /** A value of the given form; any other is ignored with a problem. */
  allowed(key: string, pattern: RegExp, what: string): string | undefined {
    const value = this.text(key);
    if (value === undefined || pattern.test(value)) return value;
    this.ignored(key, `"${value}" is not ${what}`, `Write ${what}.`);
    return undefined;
  }

  ignored(key: string, what: string, fix: string): void {
    this.#report("option-ignored", "warning", key, `${what}: the controller uses its default`, fix);
  }

  /** Reports a value or option that does something else than it seems to say. */
  surprising(key: string, what: string, fix: string): void {
    this.#report("option-ignored", "warning", key, what, fix);
  }

  /** Reports a value that the controller takes and nginx refuses. `words`: nginx's own; `what`: a clause. */
  stops(key: string, words: string, what: string, fix: string): void {
    if (!GUARDS.has(key)) this.#refused.add(key);
    this.#report("controller-stops", "error", key, `${what}: ${stopInWords(words)}`, fix, words);
  }

  excluded(key: string, what: string, fix: string): void {
    this.#report("client-excluded", "notice", key, what, fix);
  }

  notHonoured(key: string, effect: string): void {
    const fix = "Keep it in mind when you read answers.";
    this.#report("option-not-honoured", "warning", key, `not honoured by ingress-dev: ${effect}`, fix);
  }

  unknown(key: string, meant: string | undefined): void {
    const what = "ingress-nginx has no such option, and passes it over";
    const hint = meant === undefined ? "" : ` (did you mean ${meant}?)`;
    this.#report("option-unknown", "warning", key, `${what}${hint}`, "Correct the name, or remove it.");
  }

  #report(code: Code, level: ProblemLevel, key: string, what: string, fix: string, stops?: string): void {
    const { metadata, origin } = this.configMap;
    const { namespace, name } = metadata;
    const field = `data[${key}]`;
    const kind = this.configMap.heldBy ?? "ConfigMap";
    this.problems.push({
      code,
      level,
      object: { kind, namespace, name },
      field,
      message: `${kind} ${namespace}/${name}: ${key}: ${what}`,
      fix,
      file: origin.file,
      line: origin.lineOf(field),
      stops,
    });
  }
}
