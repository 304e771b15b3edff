import type { Decision, HeaderLine } from "../../model/decision.ts";
import type { Mirror } from "../../model/route/rewrites.ts";
import { fillHeaders } from "../../request/fill-headers.ts";
import { bytesAsText } from "../../request/utf8.ts";
import type { Arrival } from "../../step/arrival.ts";
import type { Change } from "../../step/change.ts";
import type { Explained, TakenStep } from "../predict/work-out.ts";
import { verdictInWords } from "./guards.ts";
import { decisionInWords } from "./route-in-words.ts";
import { settingsOf } from "./settings-of.ts";

/** What a step did to a request, or to its answer. */
export interface StepEffect {
  /** The kind of the step; `path`: how the request's path is read; `decision`: the last one. */
  readonly kind: TakenStep["step"]["kind"] | "path" | "decision";
  readonly text: string;
  /** The path before and after. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Annotations without prefix, or options of the ConfigMap, that ask for such a step. */
  readonly settings: readonly string[];
  /** The Ingress of the step's route: `default/basic`. */
  readonly ingress?: string | undefined;
}

/** The effects of the steps that a request passed, in order. The last is the decision, or the step that made it. */
export function effectsOf(answer: Explained): readonly StepEffect[] {
  const { decision, facts, taken = [] } = answer;
  const last: StepEffect = { kind: "decision", text: decisionInWords(decision), settings: [] };
  // A body that is too large is refused before the location's steps.
  const isEarly = decision.kind === "respond" && decision.madeBy === "arrival";
  const steps = taken.filter(({ of }) => of === "host" || !isEarly);
  const [raw = ""] = facts.target.split("?", 1);
  const read = steps.find((each) => each.of === "route")?.at.path.path;
  const path: readonly StepEffect[] =
    read === undefined || read === raw
      ? []
      : [
          {
            kind: "path",
            text: `${bytesAsText(raw)} is read as ${bytesAsText(read)}`,
            from: bytesAsText(raw),
            to: bytesAsText(read),
            settings: [],
          },
        ];
  const effects = [...path, ...steps.flatMap((each) => effectOf(each, answer))];
  return effects.at(-1)?.text === last.text ? effects : [...effects, last];
}

type Said = Pick<StepEffect, "text" | "from" | "to"> & { readonly header?: string };

function effectOf(taken: TakenStep, answer: Explained): readonly StepEffect[] {
  const { step } = taken;
  const route = taken.of === "route" ? taken.at.route : "route" in step ? step.route : undefined;
  const ingress = route?.ingress && `${route.ingress.namespace}/${route.ingress.name}`;
  const said = taken.of === "route" ? routeEffects(taken, answer) : [hostEffect(taken)];
  return said.map(({ header, ...rest }) => {
    const settings = settingsOf(taken, header);
    return { kind: step.kind, ...rest, settings, ingress };
  });
}

function hostEffect({ result }: Extract<TakenStep, { of: "host" }>): Said {
  const text =
    result.kind === "internal" ? `the request goes on inside, at ${result.path}` : decisionInWords(result);
  return { text };
}

function routeEffects(
  { step, change, at }: Extract<TakenStep, { of: "route" }>,
  answer: Explained,
): readonly Said[] {
  const { guards = [], mirrors = [], choice, params, responseRewrites, decision } = change;
  const texts = [
    ...guards.map((guard) => verdictInWords(guard, answer)),
    ...mirrors.map((mirror) => `a copy goes to ${mirrorInWords(mirror)}`),
    choice?.kind === "hash"
      ? `equal hashes share a pod; this one's is of ${bytesAsText(choice.key)}`
      : undefined,
    params && `${params.length} parameters are set for the FastCGI application`,
    ...rewritesInWords(responseRewrites ?? {}),
    step.kind === "error-pages" && isErrorPage(answer.decision)
      ? "another backend answers the error"
      : undefined,
    decision && decisionInWords(decision),
  ];
  const others = texts.flatMap((text) => (text === undefined ? [] : [{ text }]));
  return [...pathEffect(change, at), ...headerEffects(change, at), ...others];
}

function pathEffect({ rewritten }: Change, { path, rewritten: before }: Arrival): readonly Said[] {
  if (rewritten === undefined) return [];
  const [from, to] = [bytesAsText(before?.path ?? path.path), bytesAsText(rewritten.path)];
  return from === to ? [] : [{ text: `path ${from} → ${to}`, from, to }];
}

function headerEffects(change: Change, at: Arrival): readonly Said[] {
  const { responseHeaders = [], requestHeaders = [], beside = [], backendServer } = change;
  return [
    ...fillHeaders(responseHeaders, at).map((line) => headerEffect(line, "the answer")),
    ...[...requestHeaders, ...beside].map((line) => headerEffect(line, "the backend's request")),
    ...(backendServer === undefined ? [] : [{ text: "the backend's own Server header reaches the client" }]),
  ];
}

function headerEffect([name, value]: HeaderLine, on: string): Said {
  const text =
    value === "" ? `${name} is removed from ${on}` : `${name}: ${bytesAsText(value)} is set on ${on}`;
  return { text, header: name };
}

function mirrorInWords({ scheme, to, path }: Mirror): string {
  if ("host" in to) return `${scheme}://${to.host}:${to.port}${path}`;
  return `Service ${to.namespace}/${to.service}, at ${path}`;
}

function rewritesInWords(rewrites: NonNullable<Change["responseRewrites"]>): readonly string[] {
  const { cookies = [], beside = [] } = rewrites;
  const names = [
    rewrites.redirect && "Location and Refresh",
    rewrites.cookieDomain && "the domain of cookies",
    rewrites.cookiePath && "the path of cookies",
    ...cookies.map(({ name }) => `the cookie ${name}`),
  ].filter((name) => name !== undefined);
  return [
    ...(names.length === 0 ? [] : [`rewritten in the backend's answer: ${names.join(", ")}`]),
    ...beside.map(([name, value]) => `${name}: ${bytesAsText(value)} is added to the answer`),
  ];
}

function isErrorPage({ why }: Decision): boolean {
  return why.some(({ code }) => code === "error-page");
}
