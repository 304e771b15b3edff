import type { YamlNode } from "./node.ts";
import { readPlainYaml } from "./plain-yaml.ts";
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
}

/** The value of one document, its syntax error, or the text for the general reader. Never throws. */
export function readPlainly(text: string): YamlNode | SyntaxFault | General {
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
