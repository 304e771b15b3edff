import { closest } from "../../closest.ts";
import { CODES, type Code, UserError } from "../../errors.ts";
import type { OptionPlace } from "./values.ts";

const KNOWN = Object.keys(CODES);

export function isCode(text: string): text is Code {
  return Object.hasOwn(CODES, text);
}

/** The known code that is meant, else those that share a word with the text. */
function nearCodes(text: string): readonly string[] {
  const meant = closest(text, KNOWN);
  if (meant !== undefined) return [meant];
  const words = text
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word.length > 2);
  const shared = (code: string) => code.split("-").filter((word) => words.includes(word)).length;
  const alike = KNOWN.filter((code) => shared(code) > 0).sort((a, b) => shared(b) - shared(a));
  return alike.slice(0, MOST_NEAR);
}

const MOST_NEAR = 5;

/** `Did you mean a, b or c?`; `""` for none. */
export function didYouMean(text: string): string {
  const near = nearCodes(text);
  const last = near.at(-1);
  if (last === undefined) return "";
  return `Did you mean ${near.length === 1 ? last : `${near.slice(0, -1).join(", ")} or ${last}`}?`;
}

export function unknownCode(text: string, place: OptionPlace): UserError {
  const meant = didYouMean(text);
  return new UserError(
    "bad-option",
    `${place}: "${text}" is no code of a problem.`,
    `${meant === "" ? "" : `${meant} `}docs/errors.md lists all codes.`,
  );
}
