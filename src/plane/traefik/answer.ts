import type { AnswerFacts, OwnAnswer } from "../../model/plane.ts";
import { goPhrase } from "./phrase.ts";

/** As net/http's Error writes it: plain text with a line end that no browser takes for something else. */
const ERROR = {
  contentType: "text/plain; charset=utf-8",
  headers: [["X-Content-Type-Options", "nosniff"]],
} as const;

/** Texts that differ from the status in words. */
const TEXTS: ReadonlyMap<number, string> = new Map([
  [200, ""],
  [400, ""],
  [401, "401 Unauthorized\n"],
  [404, "404 page not found\n"],
  [418, "I'm a teapot"],
  [421, "Misdirected Request\n"],
  [503, "no available server\n"],
]);

/** net/http refuses what it cannot read with such a text. */
const OF_GO = /^400 Bad Request/;

/**
 * Traefik's own answers. A text that ends in a line end is written by net/http's Error; others have no type.
 *
 * With `why` (not `--exact`) the reasons stand below.
 */
export function traefikAnswer({ status, text, why = [] }: AnswerFacts): OwnAnswer {
  const body = text ?? TEXTS.get(status) ?? goPhrase(status);
  const said = { body, ...typeOf(status, body) };
  if (status < 400 || why.length === 0) return said;
  const below = why.map((reason) => `- ${reason.text}\n`).join("");
  return {
    ...said,
    contentType: said.contentType || ERROR.contentType,
    body: `${body.trimEnd()}\n\n${below}`,
  };
}

function typeOf(status: number, body: string): Omit<OwnAnswer, "body"> {
  if (status === 401) return { contentType: "text/plain" };
  if (OF_GO.test(body)) return { contentType: ERROR.contentType };
  return body.endsWith("\n") ? ERROR : { contentType: "" };
}
