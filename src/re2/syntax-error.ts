/** Why Go refuses an expression: the texts of regexp/syntax. */
export type Re2Fault =
  | "invalid character class range"
  | "invalid escape sequence"
  | "invalid named capture"
  | "invalid or unsupported Perl syntax"
  | "invalid nested repetition operator"
  | "invalid repeat count"
  | "missing closing ]"
  | "missing closing )"
  | "missing argument to repetition operator"
  | "trailing backslash at end of expression"
  | "unexpected )"
  | "expression nests too deeply"
  | "expression too large";

/** Thrown inside the parser alone. */
export class Re2SyntaxError extends Error {
  constructor(fault: Re2Fault, part: string) {
    super(`error parsing regexp: ${fault}: \`${part}\``);
  }
}
