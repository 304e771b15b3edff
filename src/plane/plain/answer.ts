import type { AnswerFacts, OwnAnswer } from "../../model/plane.ts";
import { PHRASES } from "../phrases.ts";

/** The status in words with the reasons below, as plain text that a terminal shows. */
export function plainAnswer({ status, text, why = [] }: AnswerFacts): OwnAnswer {
  const said = text ?? `${status} ${plainPhrase(status)}`.trim();
  const below = why.map((reason) => `- ${reason.text}\n`).join("");
  return {
    body: said === "" ? "" : `${said}\n${below === "" ? "" : `\n${below}`}`,
    contentType: "text/plain; charset=utf-8",
  };
}

export function plainPhrase(status: number): string {
  return PHRASES.get(status) ?? "";
}
