import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type CaseOptions, parseOptions, parseRows } from "./case-file.ts";
import type { ManifestText } from "./compiled-case.ts";
import { parseRequestLines, type RequestLine } from "./request-line.ts";

/** One folder of `examples/` under one controller. */
export interface Example {
  /** `host`, or `host (CONTROLLER)` for `requests.CONTROLLER.txt`. */
  readonly name: string;
  readonly folder: string;
  readonly manifests: readonly ManifestText[];
  readonly options: CaseOptions;
  /** From `problems.txt`; empty: no errors and no warnings allowed. */
  readonly problems: readonly string[];
  readonly requests: readonly RequestLine[];
}

const REQUESTS = /^requests(?:\.(?<controller>[a-z-]+))?\.txt$/;

/** One example per request file of a folder. */
export function readExample(root: string, folder: string): readonly Example[] {
  const files = readdirSync(join(root, folder)).sort();
  const read = (name: string) => readFileSync(join(root, folder, name), "utf8");
  const manifests = files
    .filter((name) => /(?<!\.test)\.ya?ml$/.test(name))
    .map((name) => ({ file: `examples/${folder}/${name}`, text: read(name) }));
  return files.flatMap((name) => {
    const found = REQUESTS.exec(name);
    if (found === null) return [];
    const controller = found.groups?.controller;
    const problems = name.replace("requests", "problems");
    return {
      name: controller === undefined ? folder : `${folder} (${controller})`,
      folder,
      manifests,
      options: parseOptions(controller === undefined ? "" : `--controller ${controller}`, name),
      problems: files.includes(problems) ? parseRows(read(problems)) : [],
      requests: parseRequestLines(read(name), `examples/${folder}/${name}`),
    };
  });
}
