import { safeJson } from "../../../../ui/safe-json.ts";
import type { Aspect } from "../../../diff/aspects.ts";
import { guardText } from "../../../diff/behaviour/guards-in-words.ts";
import type { Difference, DifferenceReport, DifferenceSide } from "../../../diff/difference.ts";
import type { HeaderLine } from "../../../model/decision.ts";
import { textsOf } from "../../../model/reason.ts";
import { requestInWords } from "./request-text.ts";

/** On one line: a difference for each request, those of a cause together. */
export function differencesJson({ sides, ...report }: DifferenceReport): string {
  const { compared, complete, incomplete, groups, everywhere = [] } = report;
  return safeJson({
    compared,
    complete,
    incomplete: incomplete.length === 0 ? undefined : incomplete,
    everywhere: everywhere.length === 0 ? undefined : everywhere,
    // The keys are always old and new.
    sides: sides[0] === "old" ? undefined : { old: sides[0], new: sides[1] },
    differences: groups.flatMap(({ all }) => all.map(differenceJson)),
    ...report.more,
  });
}

function differenceJson(difference: Difference) {
  const { cause, first, second, aspects } = difference;
  return {
    request: requestInWords(difference),
    cause: cause.text,
    code: cause.code,
    detail: cause.detail,
    differs: aspects,
    old: sideJson(first, aspects),
    new: sideJson(second, aspects),
  };
}

/** The words of `explain -o json`. */
function sideJson(
  { behaviour, mayAlso, ingress, rule, place, why }: DifferenceSide,
  aspects: readonly Aspect[],
) {
  const { kind, status, location, service, path, requestHeaders, responseHeaders, guards } = behaviour;
  const { canary, certificate, settings } = behaviour;
  return {
    ...{ decision: kind, status, location, ingress, file: place?.file, line: place?.line || undefined, rule },
    backend: service === undefined ? undefined : backendJson(service),
    upstreamPath: path,
    requestHeaders: headersJson(requestHeaders),
    responseHeaders: headersJson(responseHeaders),
    guards: guards === undefined || guards.length === 0 ? undefined : guards.map(guardText),
    ...{ canary, certificate },
    settings: settings && aspects.includes("settings") ? Object.fromEntries(settings.values) : undefined,
    mayAlso: mayAlso?.map(({ kind, status, location, service, path }) => ({
      ...{ decision: kind, status, location },
      ...{ backend: service === undefined ? undefined : backendJson(service), upstreamPath: path },
    })),
    why: textsOf(why),
    reasons: why.map(({ code, text, at }) => ({
      ...{ code, text, file: at?.file },
      ...{ line: at?.line || undefined, field: at?.field },
    })),
  };
}

function backendJson(text: string) {
  const [, namespace, service, port = ""] = /^([^/]*)\/(.*):([^:]*)$/.exec(text) ?? [];
  return service === undefined
    ? text
    : { namespace, service, port: /^\d+$/.test(port) ? Number(port) : port };
}

function headersJson(lines: readonly HeaderLine[] | undefined) {
  return lines === undefined || lines.length === 0 ? undefined : Object.fromEntries(lines);
}
