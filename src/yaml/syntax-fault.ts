/** A syntax error in go-yaml's words; the line is 0-based. */
export interface SyntaxFault {
  readonly line: number;
  readonly message: string;
}

export function readsTooLong(ms: number): SyntaxFault {
  return { line: 0, message: `yaml: the document takes longer than ${ms / 1000} s to read` };
}
