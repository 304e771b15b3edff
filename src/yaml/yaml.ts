import { readGeneralYaml, type SyntaxFault } from "./general-yaml.ts";
import type { Node } from "./node.ts";
import { readPlainYaml } from "./plain-yaml.ts";

const CONTROL = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/;

/** Larger documents are read by the plain reader or not at all: the general one would hold the event loop for seconds. */
const GENERAL_LIMIT = 1024 * 1024;

/** A document that the plain reader leaves to the general one. */
export interface General {
  readonly general: string;
}

/** The value of one document, or what is wrong with it. Never throws. */
export function readYaml(text: string): Node | SyntaxFault {
  const read = readPlainly(text);
  return "general" in read ? readGeneralYaml(read.general) : read;
}

/** The same as far as the plain reader gets. */
export function readPlainly(text: string): Node | SyntaxFault | General {
  const control = CONTROL.exec(text);
  if (control !== null) {
    const line = text.slice(0, control.index).split("\n").length - 1;
    return { line, message: "yaml: control characters are not allowed" };
  }
  const plain = text.includes("\r") ? undefined : readPlainYaml(text);
  if (plain !== undefined) return plain;
  if (text.length > GENERAL_LIMIT) {
    const message = `yaml: a document of ${text.length} characters that is more than plain YAML is not read (limit ${GENERAL_LIMIT})`;
    return { line: 0, message };
  }
  return { general: text };
}
