import { closest } from "../../closest.ts";
import type { Problem } from "../../model/problem.ts";
import type { ConfigMap } from "../../model/resource.ts";
import type { YamlNode } from "../../yaml/node.ts";
import { ingressName, problemOf } from "../problem.ts";

/** A key of a controller's file, and how it counts; a map has keys of its own. "idle": it changes no answer */
type KeyUse = "read" | "idle" | "unread" | FileKeys;

export interface FileKeys {
  readonly [key: string]: KeyUse;
}

/** The file in its ConfigMap, and who reads it. */
interface KeyedFile {
  readonly map: ConfigMap;
  readonly file: string;
  readonly reader: string;
}

/** Keys that the controller does not know, and those that change its answers and not ours. */
export function keyProblemsIn(
  node: YamlNode,
  known: FileKeys,
  keyed: KeyedFile,
  before = "",
): readonly Problem[] {
  if (node.kind !== "map") return [];
  const uses = new Map(Object.entries(known));
  return [...node.entries].flatMap(([key, { value }]): readonly Problem[] => {
    const path = before + key;
    const use = uses.get(key);
    if (use === undefined) return [unknownKey(path, closest(key, uses.keys()), keyed)];
    if (typeof use === "object") return keyProblemsIn(value, use, keyed, `${path}.`);
    return use === "unread" && !isNothing(value) ? [unreadKey(path, keyed)] : [];
  });
}

function isNothing(node: YamlNode): boolean {
  if (node.kind === "scalar") return node.value === null || node.value === false || node.value === "";
  return node.kind === "list" ? node.items.length === 0 : node.entries.size === 0;
}

function unknownKey(path: string, near: string | undefined, keyed: KeyedFile): Problem {
  const meant = near === undefined ? "" : ` (${near}?)`;
  const what = `${keyed.reader} knows no ${path} in ${keyed.file}${meant}, and does not start with it`;
  return keyProblem("option-unknown", what, "Correct the name, or remove it.", keyed);
}

function unreadKey(path: string, keyed: KeyedFile): Problem {
  const what = `${path} of ${keyed.file} is not honoured here: requests are answered as without it`;
  return keyProblem("option-ignored", what, "Expect the cluster to act on it; ingress-dev does not.", keyed);
}

function keyProblem(
  code: "option-unknown" | "option-ignored",
  what: string,
  fix: string,
  { map, file }: KeyedFile,
): Problem {
  const message = `ConfigMap ${ingressName(map)}: ${what}.`;
  return problemOf(map, { code, level: "warning", field: `data[${file}]`, message, fix });
}
