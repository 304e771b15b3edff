import type { Code } from "../../../errors.ts";
import type { Problem, ProblemLevel } from "../../../model/problem.ts";
import type { ConfigMap } from "../../../model/resource.ts";
import { stopInWords } from "../stops.ts";

/**
 * The options of the controller's ConfigMap, read as it reads them: a value that is none of its kind is logged and
 * passed over (template/configmap.go, ReadConfig).
 */
export class ConfigData {
  readonly problems: Problem[] = [];
  readonly configMap: ConfigMap;

  constructor(configMap: ConfigMap) {
    this.configMap = configMap;
  }

  keys(): Iterable<string> {
    return this.configMap.data.keys();
  }

  /** The value, trimmed; `undefined` where there is none. */
  text(key: string): string | undefined {
    return this.configMap.data.get(key)?.trim();
  }

  /** Comma-separated, without empty entries. */
  list(key: string): readonly string[] | undefined {
    return this.text(key)
      ?.split(",")
      .map((entry) => entry.trim())
      .filter((entry) => entry !== "");
  }

  /** Go's `strconv.ParseBool`, as the controller's decoder has it. */
  boolean(key: string): boolean | undefined {
    const value = this.allowed(
      key,
      /^(?:1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/,
      '"true" or "false"',
    );
    return value === undefined ? undefined : /^[1tT]/.test(value);
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

  /** A value that the controller takes and nginx refuses, in the `words` of nginx. `what` is a clause. */
  stops(key: string, words: string, what: string, fix: string): void {
    this.report("controller-stops", "error", key, `${what}: ${stopInWords(words)}`, fix, words);
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
