import { CODES, type Code, UserError } from "../errors.ts";
import type { Problem } from "../model/problem.ts";
import type { FileBytes } from "./read-file.ts";

/** For a command that cannot go on without the input. */
export function unreadError({ code, message, fix }: Problem): UserError {
  return new UserError(code in CODES ? (code as Code) : "unreadable-file", `${message}.`, fix);
}

export function unreadFile(file: string, read: Exclude<FileBytes, { readonly kind: "bytes" }>): UserError {
  if (read.kind === "gone") return new UserError("no-such-input", `${file} does not exist.`);
  return unreadError(read.problem);
}
