import type { HeaderLine } from "../../model/decision.ts";
import type { VariableText } from "../../model/route/variable-text.ts";
import type { Route } from "../../model/route.ts";
import { oncePer } from "../../once-per.ts";
import type { Step } from "../../step/step.ts";
import type { Asked, Variation } from "../variation.ts";

/** A query that ends in a slash too: redirects drop it. */
const QUERY: Variation = { shows: "with a query", query: "q=1/" };

/** A request that sets every header, cookie and parameter that values of the routes read. */
export function variablesAsked(routes: readonly Route[], others: readonly VariableText[]): readonly Asked[] {
  const texts = [...routes.flatMap(textsOfRoute), ...others];
  const names = new Set(texts.flatMap(variablesIn));
  if (names.size === 0) return [{ mode: "alone", values: [QUERY] }];
  const headers: HeaderLine[] = [];
  const cookies: string[] = [];
  const parameters: string[] = [];
  for (const name of names) {
    if (name.startsWith("http_")) addHeader(headers, name.slice("http_".length).replaceAll("_", "-"));
    else if (name.startsWith("cookie_")) cookies.push(`${name.slice("cookie_".length)}=its-${name}`);
    else if (name.startsWith("arg_")) parameters.push(`${name.slice("arg_".length)}=its-${name}`);
  }
  if (names.has("content_type")) addHeader(headers, "Content-Type");
  if (names.has("remote_user")) headers.push(["Authorization", `Basic ${btoa("somebody:password")}`]);
  const filled: Variation = {
    shows: "with all that values of the rule read",
    headers,
    cookies: cookies.length === 0 ? undefined : cookies,
    query: parameters.length === 0 ? undefined : parameters.join("&"),
    port: true,
  };
  return [{ mode: "alone", values: [QUERY, filled] }];
}

/** Framing stays as it is. */
function addHeader(headers: HeaderLine[], name: string): void {
  if (/^(?:host|content-length|transfer-encoding|connection|expect|upgrade)$/i.test(name)) return;
  headers.push([name, `its-${name.toLowerCase()}`]);
}

function variablesIn({ parts }: VariableText): readonly string[] {
  return parts.flatMap((part) => (typeof part === "object" && "variable" in part ? [part.variable] : []));
}

function textsOfRoute({ steps, action }: Route): readonly VariableText[] {
  const shares = action.kind === "forward" ? action.shares : [];
  const keys = shares.map(({ backend }) => backend.balancing?.hash?.text);
  return [...textsOf(steps), ...keys.filter((text) => text !== undefined)];
}

/** By list: most routes share one. */
const textsOf = oncePer((steps: readonly Step[]): readonly VariableText[] => steps.flatMap(textsOfStep));

function textsOfStep(step: Step): readonly VariableText[] {
  switch (step.kind) {
    case "headers":
      return [step.response, step.request, step.beside]
        .flatMap((lines) => lines ?? [])
        .flatMap(([, value]) => (typeof value === "string" ? [] : [value]));
    case "mirror":
      return [step.target, step.host];
    case "rewrite":
      return [step.target];
    case "fastcgi":
      return step.params.map(({ value }) => value);
    case "response-rewrites": {
      const { redirect } = step;
      if (redirect === undefined) return [];
      return "parts" in redirect.from ? [redirect.from, redirect.to] : [redirect.to];
    }
    case "guard":
      return step.guard.kind === "external-auth" ? textsOfAuth(step.guard.settings) : [];
    default:
      return [];
  }
}

type AuthSettings = Extract<Extract<Step, { kind: "guard" }>["guard"], { kind: "external-auth" }>["settings"];

function textsOfAuth({ url, host, signin, setHeaders, cache }: AuthSettings): readonly VariableText[] {
  const texts = [url, host, signin, cache?.key, ...setHeaders.map(({ value }) => value)];
  return texts.filter((text) => text !== undefined);
}
