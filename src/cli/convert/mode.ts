import { UserError } from "../../errors.ts";

export type ConvertMode = "print" | "write" | "check";

/** @throws UserError `bad-option` for both */
export function modeOf(write: boolean, check: boolean): ConvertMode {
  if (write && check) throw new UserError("bad-option", "--write and --check exclude each other.");
  return write ? "write" : check ? "check" : "print";
}
