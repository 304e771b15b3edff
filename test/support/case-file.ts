import { CONTROLLER_NAMES, type ControllerName, DEFAULT_CONTROLLER } from "../../src/compile/controllers.ts";
import type { ControllerFlags } from "../../src/compile/options.ts";
import { parseRequestLines, type RequestLine } from "./request-line.ts";

/** The options of `ingress-dev` that a case may set. */
export interface CaseOptions {
  readonly controller: ControllerName;
  readonly ingressClasses?: readonly string[] | undefined;
  readonly controllerClass?: string | undefined;
  readonly exact: boolean;
  readonly echo: boolean;
  readonly configMap?: string | undefined;
  readonly flags?: ControllerFlags | undefined;
}

/** A `.case` file. `CONTRIBUTING.md` describes the format. */
export interface CaseFile {
  readonly file: string;
  readonly manifests: string;
  readonly options: CaseOptions;
  /** In matching order; `undefined`: not compared. */
  readonly routes: readonly string[] | undefined;
  /** In any order; empty: no errors and no warnings allowed. */
  readonly problems: readonly string[];
  readonly requests: readonly RequestLine[];
}

const SECTIONS = ["manifests", "options", "routes", "problems", "requests"];
const DEFAULTS: CaseOptions = {
  controller: DEFAULT_CONTROLLER,
  exact: false,
  echo: true,
};

/** Reads `--controller kubernetes --ingress-class internal --exact --no-echo`. */
export function parseOptions(text: string, file: string): CaseOptions {
  const words = text.split(/\s+/).filter((word) => word !== "");
  let options: CaseOptions = DEFAULTS;
  const classes: string[] = [];
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i];
    if (word === "--exact") options = { ...options, exact: true };
    else if (word === "--no-echo") options = { ...options, echo: false };
    else if (word === "--configmap") options = { ...options, configMap: words[++i] };
    else if (word === "--default-backend-service")
      options = { ...options, flags: { ...options.flags, defaultBackendService: words[++i] } };
    else if (word === "--disable-catch-all")
      options = { ...options, flags: { ...options.flags, disableCatchAll: true } };
    else if (word === "--disable-svc-external-name")
      options = { ...options, flags: { ...options.flags, disableSvcExternalName: true } };
    else if (word === "--enable-ssl-passthrough")
      options = { ...options, flags: { ...options.flags, enableSslPassthrough: true } };
    else if (word === "--controller-class") options = { ...options, controllerClass: words[++i] };
    else if (word === "--ingress-class") classes.push(words[++i] ?? "");
    else if (word === "--controller") {
      const controller = CONTROLLER_NAMES.find((name) => name === words[i + 1]);
      if (controller === undefined) throw new Error(`${file}: no such controller: ${words[i + 1]}`);
      i += 1;
      options = { ...options, controller };
    } else throw new Error(`${file}: a case cannot set ${word}`);
  }
  return classes.length === 0 ? options : { ...options, ingressClasses: classes };
}

/** One row per line, spaces collapsed, without comments and blank lines. */
export function parseRows(text: string): readonly string[] {
  return text
    .split("\n")
    .map((row) =>
      row
        .replace(/(^|\s)# .*$/, "")
        .trim()
        .replace(/\s+/g, " "),
    )
    .filter((row) => row !== "");
}

/** @throws Error with the place, for a section that is unknown, repeated or missing */
export function parseCaseFile(text: string, file: string): CaseFile {
  const sections = new Map<string, { lines: string[]; firstLine: number }>();
  let current: string[] | undefined;
  for (const [index, line] of text.split("\n").entries()) {
    const name = /^=== (\S+)$/.exec(line)?.[1];
    if (name !== undefined) {
      if (!SECTIONS.includes(name) || sections.has(name))
        throw new Error(`${file}:${index + 1}: section unknown or there twice: ${name}`);
      current = [];
      sections.set(name, { lines: current, firstLine: index + 2 });
    } else if (current !== undefined) current.push(line);
    else if (!/^(#|$)/.test(line)) throw new Error(`${file}:${index + 1}: text before the first section`);
  }
  const textOf = (name: string): string => sections.get(name)?.lines.join("\n") ?? "";
  if (textOf("manifests").trim() === "") throw new Error(`${file}: no manifests`);
  return {
    file,
    manifests: textOf("manifests"),
    options: parseOptions(textOf("options"), file),
    routes: sections.has("routes") ? parseRows(textOf("routes")) : undefined,
    problems: parseRows(textOf("problems")),
    requests: parseRequestLines(textOf("requests"), file, sections.get("requests")?.firstLine),
  };
}
