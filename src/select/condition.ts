import type { RequestFacts } from "../model/decision.ts";
import type { Condition, RouteLookup, Star, TextTest } from "../model/route/selection.ts";
import { hasAddress } from "../request/address/address-list.ts";
import { isHostOf } from "./host.ts";
import { coversPath } from "./path.ts";

/** An expression over the step limit counts as no match. */
export function conditionHolds(condition: Condition, lookup: RouteLookup, star: Star): boolean {
  const {
    request,
    path: { path, query },
  } = lookup;
  switch (condition.kind) {
    case "all":
      return condition.of.every((part) => conditionHolds(part, lookup, star));
    case "one-of":
      return condition.of.some((part) => conditionHolds(part, lookup, star));
    case "not":
      return !conditionHolds(condition.of, lookup, star);
    case "host":
      return isHostOf(lookup, condition.host, star);
    case "path":
      return (
        coversPath(condition.path, condition.withQuery && query !== "" ? `${path}?${query}` : path) === true
      );
    case "method":
      return condition.methods.has(request.method);
    case "header":
      return headerHolds(condition, request);
    case "query":
      return parameters(query, condition).some((value) => passes(condition.value, value));
    case "from": {
      const { remoteAddress, connectedFrom = remoteAddress } = request;
      return hasAddress(
        condition.addresses,
        condition.whose === "connection" ? connectedFrom : remoteAddress,
      );
    }
  }
}

function headerHolds(
  { name, value, lines }: Extract<Condition, { kind: "header" }>,
  request: RequestFacts,
): boolean {
  if (name === ":authority") return passes(value, request.authority ?? request.host);
  if (name === ":method") return passes(value, request.method);
  if (lines === undefined || request.lines === undefined) return passes(value, request.header(name));
  return request.lines(name).some((line) => passes(value, line));
}

function passes(test: TextTest, text: string | undefined): boolean {
  if (text === undefined || test.kind === "present") return text !== undefined;
  if (test.kind === "pattern") {
    const found = test.pattern.exec(text);
    return found !== null && found !== "too-complex";
  }
  const [sent, wanted] = test.fold ? [text.toLowerCase(), test.text.toLowerCase()] : [text, test.text];
  switch (test.kind) {
    case "is":
      return sent === wanted;
    case "starts":
      return sent.startsWith(wanted);
    case "ends":
      return sent.endsWith(wanted);
    case "contains":
      return sent.includes(wanted);
  }
}

/** `?a` has an empty value. */
function parameters(query: string, { name, read }: Extract<Condition, { kind: "query" }>): readonly string[] {
  if (read === "form") return new URLSearchParams(query).getAll(name);
  const values = query.split("&").flatMap((pair) => {
    const [written = "", ...value] = pair.split("=");
    return written === name && pair !== "" ? [value.join("=")] : [];
  });
  return read === "as-sent" ? values : values.slice(0, 1);
}
