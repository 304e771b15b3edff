import type { Code } from "../../../errors.ts";
import type { Problem, ProblemLevel } from "../../../model/problem.ts";
import type { ConfigMap } from "../../../model/resource.ts";
import { stopInWords } from "../stops.ts";
import { goBoolean, goInteger } from "./go-values.ts";
import { EXACT_NAMES } from "./kinds.ts";

/** Lists that keep somebody out: what nginx cannot read of them lets nobody in, and the rest of them holds. */
const GUARDS: ReadonlySet<string> = new Set([
  "whitelist-source-range",
  "denylist-source-range",
  "proxy-real-ip-cidr",
  "block-cidrs",
  "block-user-agents",
  "block-referers",
]);

/**
 * The options of the controller's ConfigMap, read as it reads them: a value that is none of its kind is logged and
 * passed over (template/configmap.go, ReadConfig). Nothing is trimmed but the entries of lists.
 */
export class ConfigData {
  readonly problems: Problem[] = [];
  readonly configMap: ConfigMap;
  /** By their names in lower case. */
  private readonly folded: ReadonlyMap<string, string>;
  /** A value that nginx does not take is as good as not written here, but for `GUARDS`. */
  private readonly refused = new Set<string>();

  constructor(configMap: ConfigMap) {
    this.configMap = configMap;
    this.folded = new Map([...configMap.data].map(([key, value]) => [key.toLowerCase(), value]));
  }

  keys(): Iterable<string> {
    return this.configMap.data.keys();
  }

  /** The value as written; `undefined` where there is none. */
  text(key: string): string | undefined {
    if (this.refused.has(key)) return undefined;
    return this.configMap.data.get(key) ?? (EXACT_NAMES.has(key) ? undefined : this.folded.get(key));
  }

  /** Between commas, each trimmed; a blank between two commas is an entry, nothing is none (splitAndTrimSpace). */
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

  /** A value of a form; another is passed over with a problem. */
  allowed(key: string, pattern: RegExp, what: string): string | undefined {
    const value = this.text(key);
    if (value === undefined || pattern.test(value)) return value;
    this.ignored(key, `"${value}" is not ${what}`, `Write ${what}.`);
    return undefined;
  }

  /** A value that the controller passes over. */
  ignored(key: string, what: string, fix: string): void {
    this.report("option-ignored", "warning", key, `${what}: the controller uses its default`, fix);
  }

  /** A value, or an option, that is taken and comes to something else than it seems to say. */
  surprising(key: string, what: string, fix: string): void {
    this.report("option-ignored", "warning", key, what, fix);
  }

  /** A value that the controller takes and nginx refuses, in the `words` of nginx. `what` is a clause. */
  stops(key: string, words: string, what: string, fix: string): void {
    if (!GUARDS.has(key)) this.refused.add(key);
    this.report("controller-stops", "error", key, `${what}: ${stopInWords(words)}`, fix, words);
  }

  /** A list of addresses that keeps out whoever asks from here. */
  excluded(key: string, what: string, fix: string): void {
    this.report("client-excluded", "notice", key, what, fix);
  }

  /** An option that ingress-dev does not honour. */
  notHonoured(key: string, effect: string): void {
    const fix = "Keep it in mind when you read answers.";
    this.report("option-not-honoured", "warning", key, `not honoured by ingress-dev: ${effect}`, fix);
  }

  /** Not one of the controller's. */
  unknown(key: string, meant: string | undefined): void {
    const what = "ingress-nginx has no such option, and passes it over";
    const hint = meant === undefined ? "" : ` (did you mean ${meant}?)`;
    this.report("option-unknown", "warning", key, `${what}${hint}`, "Correct the name, or remove it.");
  }

  private report(
    code: Code,
    level: ProblemLevel,
    key: string,
    what: string,
    fix: string,
    stops?: string,
  ): void {
    const { metadata, origin } = this.configMap;
    const { namespace, name } = metadata;
    const field = `data[${key}]`;
    this.problems.push({
      code,
      level,
      object: { kind: "ConfigMap", namespace, name },
      field,
      message: `ConfigMap ${namespace}/${name}: ${key}: ${what}`,
      fix,
      file: origin.file,
      line: origin.lineOf(field),
      stops,
    });
  }
}
