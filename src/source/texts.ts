import { CODES } from "../errors.ts";
import type { Problem } from "../model/problem.ts";
import { allInTurns } from "../turns.ts";
import type { Reading } from "./files.ts";
import { parseInTurns } from "./parse-in-turns.ts";
import { decode } from "./read-file.ts";
import { nothingFound, readingOf } from "./reader.ts";
import { isKustomization, kustomization } from "./scan.ts";
import { type Content, contentOfText } from "./store.ts";

/** A file that is on no disk. */
export type NamedBytes =
  | { readonly name: string; readonly bytes: Buffer }
  /** `unreadable`: what it is instead, after its name. */
  | { readonly name: string; readonly unreadable: string };

/**
 * The reading of files that are in memory, in their order. `named`: what the user calls them. `namespace`: of objects that
 * name none.
 *
 * @throws UserError `no-manifests`
 */
export async function readTexts(
  named: string,
  files: readonly NamedBytes[],
  namespace: string,
): Promise<Reading> {
  if (files.length === 0) throw nothingFound([named]);
  const contents: Content[] = [];
  for (const file of files) contents.push(await contentOf(file, namespace));
  return allInTurns(readingOf([named], contents, [], performance.now(), undefined));
}

async function contentOf(file: NamedBytes, namespace: string): Promise<Content> {
  const { name } = file;
  if (isKustomization(name)) return only(name, kustomization(name, name.replace(/\/[^/]*$/, "")));
  if ("unreadable" in file) return only(name, refusalOf(name, file.unreadable));
  const read = decode(file.bytes, name);
  if (read.kind === "problem") return only(name, read.problem);
  return contentOfText(name, await parseInTurns(read.text, name, namespace));
}

function only(file: string, problem: Problem): Content {
  return { files: [file], parts: [], problems: [problem], passedOver: new Map() };
}

function refusalOf(file: string, what: string): Problem {
  return {
    code: "unreadable-file",
    level: "error",
    message: `${file} ${what}`,
    fix: CODES["unreadable-file"],
    file,
  };
}
