import type { AskedGuard } from "../../match/outcome.ts";
import type { Guard } from "../../model/guard.ts";
import type { Explained } from "../predict/work-out.ts";

type VerdictKind = AskedGuard["verdict"];

/** Those of several are listed one by one: of these, one that lets a request in is enough. */
export function verdictOn(guard: Guard, { asked }: Pick<Explained, "asked">): VerdictKind | undefined {
  const within: readonly Guard[] = guard.kind === "any-of" ? guard.guards : [guard];
  const said = new Set(asked.filter((each) => within.includes(each.guard)).map(({ verdict }) => verdict));
  return (["passed", "later", "refused", "abstained"] as const).find((kind) => said.has(kind));
}

const VERDICTS: Readonly<Record<VerdictKind, string>> = {
  passed: "lets it in",
  abstained: "does not refuse it",
  refused: "refuses it",
  later: "only asking tells",
};

/** A guard behind one that refuses is not asked. */
export function guardInWords(guard: Guard, answer: Explained): string {
  const verdict = verdictOn(guard, answer);
  return verdict === undefined ? guard.why.text : `${guard.why.text}  → ${VERDICTS[verdict]}`;
}

/** `basic-auth lets it in`; `undefined` if it is not asked. */
export function verdictInWords(guard: Guard, answer: Explained): string | undefined {
  const verdict = verdictOn(guard, answer);
  return verdict === undefined ? undefined : `${guard.kind}: ${VERDICTS[verdict]}`;
}
