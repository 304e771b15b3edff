import type { Steps } from "../steps.ts";
import { type Excerpt, excerptAt } from "./excerpt.ts";
import type { YamlNode } from "./node.ts";
import { NotPlain } from "./plain-scan.ts";
import { PlainReader } from "./plain-yaml.ts";
import type { SyntaxFault } from "./syntax-fault.ts";

const CONTROL = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/;

/**
 * Longer documents are never given to the general reader, which would hold the event loop for seconds. unit:
 * chars
 */
const GENERAL_LIMIT = 1024 * 1024;

/** A document that only the general reader can read. */
export interface General {
  readonly general: string;
  readonly excerpt: Excerpt | undefined;
}

/** Entries that are read in one step. */
const STEP = 1_000;

/** The value of one document, its syntax error, or the text for the general reader. Never throws. */
export function* plainSteps(text: string): Steps<YamlNode | SyntaxFault | General> {
  const control = CONTROL.exec(text);
  if (control !== null) {
    const line = text.slice(0, control.index).split("\n").length - 1;
    return { line, message: "yaml: control characters are not allowed" };
  }
  if (text.includes("\r")) return notPlain(text, undefined);
  const reader = new PlainReader(text);
  try {
    for (;;) {
      const tree = reader.read(STEP);
      if (tree !== undefined) return tree;
      yield undefined;
    }
  } catch (error) {
    if (!(error instanceof NotPlain)) throw error;
    return notPlain(text, excerptAt(reader, text));
  }
}

function notPlain(text: string, excerpt: Excerpt | undefined): SyntaxFault | General {
  if (text.length <= GENERAL_LIMIT) return { general: text, excerpt };
  const message = `yaml: a document of ${text.length} characters that is more than plain YAML is not read (limit ${GENERAL_LIMIT})`;
  return { line: 0, message };
}
