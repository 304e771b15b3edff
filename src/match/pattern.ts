import vm from "node:vm";
import type { Pattern } from "../model/pattern.ts";
import { complexityOf } from "./complexity.ts";
import { translatePcre } from "./pcre.ts";

/** Where a pattern may begin to match: `location ~* "^…"` is anchored, `rewrite "(?i)…"` is not. */
export type Anchor = "start" | "anywhere";

/** How letters are compared: `~*` and `(?i)`, or `~`. */
export type Letters = "any case" | "exact case";

/** A pattern ready to run, or why it cannot be. */
export type CompiledPattern =
  | { readonly kind: "compiled"; readonly pattern: Pattern; readonly catastrophic: boolean }
  | { readonly kind: "refused"; readonly why: string };

/** Steps that take about a millisecond: below this a match runs unguarded. */
const CHEAP_STEPS = 200_000;
/** Longest a guarded match may hold the event loop, in ms. nginx gives up at PCRE's match limit, about 200 ms. */
const GUARD_MS = 25;
/** A subject of this many bytes is the longest that reaches a pattern (nginx: large_client_header_buffers 8k). */
const LONGEST_SUBJECT = 8192;

/**
 * Compiles a PCRE pattern, matched without regard to case as ingress-nginx matches paths (`~*`, `(?i)`), unless told
 * otherwise.
 *
 * A pattern whose work on a subject may be more than about a millisecond runs under a watchdog that ends it after 25 ms
 * (`too-complex`): no request can hold the event loop. `catastrophic` says that a short subject may be enough for that.
 */
export function compilePattern(
  source: string,
  anchor: Anchor,
  letters: Letters = "any case",
): CompiledPattern {
  const translation = translatePcre(source);
  if (translation.kind === "refused") return translation;
  // No group around it: nginx is given `^` and the path put together, so `^/a|/b` is anchored in its first half only.
  const text = anchor === "start" ? `^${translation.source}` : translation.source;
  let regex: RegExp;
  try {
    regex = new RegExp(text, letters === "any case" ? "i" : "");
  } catch (error) {
    return { kind: "refused", why: reasonOf(error) };
  }
  const bound = complexityOf(translation.source);
  const starts = anchor === "start" && bound?.alternatives === false ? 0 : 1;
  const steps = (length: number) =>
    bound === undefined ? Number.POSITIVE_INFINITY : bound.factor * (length + 1) ** (bound.degree + starts);
  const catastrophic = bound === undefined;
  if (steps(LONGEST_SUBJECT) <= CHEAP_STEPS)
    return { kind: "compiled", catastrophic, pattern: { source, exec: (bytes) => regex.exec(bytes) } };
  const watched = watchedExec(regex);
  const exec = (bytes: string) => (steps(bytes.length) > CHEAP_STEPS ? watched(bytes) : regex.exec(bytes));
  return { kind: "compiled", catastrophic, pattern: { source, exec } };
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/^Invalid regular expression: /, "").replace(/^\/.*\/i?: /s, "");
}

/** V8 checks for termination while it backtracks, so a vm timeout ends a match that runs away. */
function watchedExec(regex: RegExp): Pattern["exec"] {
  const sandbox = { regex, subject: "" };
  let script: { runInContext: vm.Script["runInContext"]; context: vm.Context } | undefined;
  return (bytes) => {
    if (script === undefined) {
      const compiled = new vm.Script("regex.exec(subject)");
      script = { runInContext: compiled.runInContext.bind(compiled), context: vm.createContext(sandbox) };
    }
    sandbox.subject = bytes;
    try {
      return script.runInContext(script.context, { timeout: GUARD_MS }) as RegExpExecArray | null;
    } catch (error) {
      // The error belongs to the sandbox's realm, so `instanceof Error` would not know it.
      if ((error as { code?: unknown }).code === "ERR_SCRIPT_EXECUTION_TIMEOUT") return "too-complex";
      throw error;
    }
  };
}
