import { type Aspect, headersThatDiffer } from "../../diff/aspects.ts";
import { RESET_TLS } from "../../diff/behaviour.ts";
import type { Difference, DifferenceGroup, DifferenceReport } from "../../diff/difference.ts";
import { grouped } from "../../diff/grouped.ts";
import type { HeaderLine } from "../../model/decision.ts";
import type { SampleRequest } from "../../model/sample-request.ts";
import { hostAskedOf } from "./nginx/lost.ts";
import type { ExplainedParts, GeneralChange, KnownChange } from "./target.ts";

/** What the comparison of both sides comes to. */
export interface ConversionVerdict {
  /** unit: requests */
  readonly compared: number;
  readonly differing: number;
  readonly complete: boolean;
  readonly incomplete: readonly string[];
  /** Requests that differ by what was said before, by what was said. */
  readonly known: ReadonlyMap<KnownChange, readonly Difference[]>;
  readonly general: ReadonlyMap<Omit<GeneralChange, "explains">, readonly Difference[]>;
  /** Nobody has said these. */
  readonly unnamed: readonly DifferenceGroup[];
}

/** The same requests without something that is not converted. */
export interface ComparedWithout {
  readonly change: Omit<GeneralChange, "explains">;
  /** Those that differ. */
  readonly differences: ReadonlyMap<SampleRequest, Difference>;
}

/** What was said before. */
export interface SaidChanges {
  readonly changes: readonly KnownChange[];
  readonly generals: readonly GeneralChange[];
  /** The host that has a name as an alias. */
  readonly aliasOf: (name: string) => string | undefined;
}

/** A difference is named if each of its parts is due to something that was said. */
export function verdictOf(
  report: Pick<DifferenceReport, "compared" | "complete" | "incomplete" | "groups">,
  said: SaidChanges,
  without?: ComparedWithout | undefined,
): ConversionVerdict {
  const { changes, generals } = said;
  const known = new Map<KnownChange, Difference[]>();
  const general = new Map<Omit<GeneralChange, "explains">, Difference[]>();
  const unnamed: Difference[] = [];
  let differing = 0;
  for (const { all } of report.groups)
    for (const found of all) {
      const difference = { ...found, aliasOf: said.aliasOf(hostAskedOf(found)) };
      const left = new Unexplained(difference);
      if (left.isEmpty) continue;
      differing++;
      const byChange = changes.filter((change) => left.take(change.explains(difference)));
      const byGeneral = generals.filter((change) => left.take(change.explains(difference)));
      if (!left.isEmpty) {
        if (without !== undefined && isNamed(without.differences.get(difference.request), said))
          listFor(general, without.change).push(difference);
        else unnamed.push(difference);
        continue;
      }
      for (const change of byChange) listFor(known, change).push(difference);
      if (byChange.length === 0) for (const change of byGeneral) listFor(general, change).push(difference);
    }
  const { compared, complete, incomplete } = report;
  return { compared, differing, complete, incomplete, known, general, unnamed: grouped(unnamed) };
}

function isNamed(found: Difference | undefined, { changes, generals, aliasOf }: SaidChanges): boolean {
  if (found === undefined) return true;
  const difference = { ...found, aliasOf: aliasOf(hostAskedOf(found)) };
  const left = new Unexplained(difference);
  for (const { explains } of [...changes, ...generals]) left.take(explains(difference));
  return left.isEmpty;
}

const OF_ANSWERS: ReadonlySet<Aspect> = new Set<Aspect>(["kind", "status", "service", "path", "location"]);

/** The parts of a difference that nothing explains so far. */
class Unexplained {
  readonly #aspects: Set<Aspect>;
  /** Who does not answer otherwise has no excuse for headers, guards and settings. */
  readonly #isOtherAnswer: boolean;
  readonly #headers: { readonly response: Set<string>; readonly request: Set<string> };

  constructor({ aspects, cause, first: { behaviour: a }, second: { behaviour: b } }: Difference) {
    // A canary's words differ; what requests come to by their headers and by chance is compared.
    this.#aspects = new Set(aspects.filter((aspect) => aspect !== "canary"));
    this.#isOtherAnswer =
      b.certificate === RESET_TLS ||
      cause.code === "another-rule" ||
      aspects.some((aspect) => OF_ANSWERS.has(aspect));
    const ofAnswers = headersThatDiffer(inLowerCase(a.responseHeaders), inLowerCase(b.responseHeaders));
    const ofRequests = headersThatDiffer(inLowerCase(a.requestHeaders), inLowerCase(b.requestHeaders));
    this.#headers = {
      response: namesOf(this.#aspects.has("response headers") ? ofAnswers : []),
      request: namesOf(this.#aspects.has("request headers") ? ofRequests : []),
    };
    this.#withoutHeaders();
  }

  /** Headers whose names differ in case alone are the same. */
  #withoutHeaders(): void {
    const { response, request } = this.#headers;
    if (response.size === 0) this.#aspects.delete("response headers");
    if (request.size === 0) this.#aspects.delete("request headers");
  }

  get isEmpty(): boolean {
    return this.#aspects.size === 0;
  }

  /** True if something of it was not explained before. */
  take(explained: ExplainedParts | undefined): boolean {
    if (explained === undefined) return false;
    const { aspects = [], responseHeaders = [], requestHeaders = [] } = explained;
    const before = this.#size();
    if (this.isEmpty) return false;
    if (aspects === "answer") {
      if (this.#isOtherAnswer) this.#aspects.clear();
    } else for (const aspect of aspects) this.#aspects.delete(aspect);
    for (const name of responseHeaders) this.#headers.response.delete(name);
    for (const name of requestHeaders) this.#headers.request.delete(name);
    this.#withoutHeaders();
    return this.#size() < before;
  }

  #size(): number {
    const { response, request } = this.#headers;
    return this.isEmpty ? 0 : this.#aspects.size + response.size + request.size;
  }
}

/** Names of headers have no case. */
function inLowerCase(lines: readonly HeaderLine[] | undefined): readonly HeaderLine[] | undefined {
  return lines?.map(([name, value]) => [name.toLowerCase(), value]);
}

function namesOf(names: readonly string[]): Set<string> {
  return new Set(names.map((name) => name.toLowerCase()));
}

function listFor<T>(lists: Map<T, Difference[]>, key: T): Difference[] {
  const known = lists.get(key);
  if (known !== undefined) return known;
  const made: Difference[] = [];
  lists.set(key, made);
  return made;
}
