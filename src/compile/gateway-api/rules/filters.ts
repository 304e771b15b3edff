import { append } from "../../../append.ts";
import { type JsonObject, jsonFields, jsonNumber, jsonString } from "../../../model/json.ts";
import { reason } from "../../../model/reason.ts";
import type { RespondAction } from "../../../model/route/action.ts";
import { compileRe2 } from "../../../re2/re2.ts";
import { readSubstitution } from "../../../re2/substitution.ts";
import { textAsBytes } from "../../../request/utf8.ts";
import { readEnvoyText } from "../../../step/envoy/text.ts";
import type { Step } from "../../../step/step.ts";
import { placeOf } from "../../route.ts";
import { resolve } from "../backends.ts";
import type { GatewayListener } from "../listeners.ts";
import type { GatewayObjects } from "../objects.ts";
import { corsStep } from "../policies/cors.ts";
import type { TranslatedRule } from "../rules.ts";
import { headerEdits } from "./header-edits.ts";
import type { WrittenMatch } from "./matches.ts";
import { redirectPath, rewrittenPath } from "./path-edits.ts";

/** What the filters of a rule come to. */
export interface FilterParts {
  /** Before everything that lets a request in. */
  readonly cors: readonly Step[];
  readonly steps: readonly Step[];
  /** Answers in place of the backends. */
  readonly answer: RespondAction | undefined;
}

interface At {
  readonly rule: TranslatedRule;
  readonly match: WrittenMatch;
  readonly listener: GatewayListener;
  readonly objects: GatewayObjects;
}

/** Headers are changed first, whatever the order of the filters; copies see what the backend sees. */
export function filterParts(at: At): FilterParts {
  const { rule } = at;
  const cors: Step[] = [];
  const headers: Step[] = [];
  const paths: Step[] = [];
  const copies: Step[] = [];
  let answer: RespondAction | undefined;
  for (const [index, filter] of rule.filters.entries()) {
    const field = `${rule.field}.filters[${index}]`;
    switch (filter.type) {
      case "RequestHeaderModifier":
        headers.push({
          kind: "envoy-headers",
          request: headerEdits(jsonFields(filter.requestHeaderModifier)),
        });
        break;
      case "ResponseHeaderModifier":
        headers.push({
          kind: "envoy-headers",
          response: headerEdits(jsonFields(filter.responseHeaderModifier)),
        });
        break;
      case "RequestRedirect":
        paths.push(redirectStep(jsonFields(filter.requestRedirect), at, field));
        break;
      case "URLRewrite":
        append(paths, rewriteSteps(jsonFields(filter.urlRewrite), at));
        break;
      case "RequestMirror":
        append(copies, mirrorSteps(jsonFields(filter.requestMirror), at));
        break;
      case "CORS":
        cors.push(
          corsStep(
            jsonFields(filter.cors),
            `the CORS filter of rule ${rule.index}`,
            placeOf(rule.route, field),
          ),
        );
        break;
      case "ExtensionRef": {
        const found = extension(jsonFields(filter.extensionRef), at);
        append(paths, found.steps);
        answer ??= found.answer;
      }
    }
  }
  const steps = [...headers, ...paths, ...copies];
  // An answer goes before a redirect, wherever the two stand (xds/translator/route.go).
  return { cors, steps: answer === undefined ? steps : steps.filter(isNoRedirect), answer };
}

function isNoRedirect({ kind }: Step): boolean {
  return kind !== "envoy-redirect";
}

/** 80 and 443 are never written. */
function redirectStep(redirect: JsonObject, { rule, match, listener }: At, field: string): Step {
  const scheme = jsonString(redirect.scheme);
  const usual = scheme === undefined ? listener.port : scheme === "https" ? 443 : 80;
  const port = jsonNumber(redirect.port) ?? usual;
  return {
    kind: "envoy-redirect",
    status: jsonNumber(redirect.statusCode) ?? 302,
    scheme,
    host: jsonString(redirect.hostname),
    port: port === 80 || port === 443 ? undefined : port,
    path: redirectPath(redirect.path, match.path),
    why: [reason("redirect", `rule ${rule.index} redirects every request`, placeOf(rule.route, field))],
  };
}

function rewriteSteps({ hostname, path }: JsonObject, { match }: At): readonly Step[] {
  const host = jsonString(hostname);
  const step = rewrittenPath(path, match.path);
  return [
    ...(host === undefined ? [] : [{ kind: "envoy-host", to: [textAsBytes(host)] } as const]),
    ...(step === undefined ? [] : [step]),
  ];
}

function mirrorSteps(mirror: JsonObject, { rule, objects }: At): readonly Step[] {
  const found = resolve(jsonFields(mirror.backendRef), rule.route, objects);
  if (found.kind === "invalid") return [];
  const { numerator, denominator } = jsonFields(mirror.fraction);
  const ofHundred = (100 * (jsonNumber(numerator) ?? 100)) / (jsonNumber(denominator) ?? 100);
  const percent = mirror.fraction === undefined ? (jsonNumber(mirror.percent) ?? 100) : ofHundred;
  const { urlRewrite } = rule.filters.find(({ type }) => type === "URLRewrite") ?? {};
  return [
    { kind: "envoy-mirror", to: found.backend, percent, host: jsonString(jsonFields(urlRewrite).hostname) },
  ];
}

function extension(ref: JsonObject, { rule, objects }: At): Pick<FilterParts, "steps" | "answer"> {
  const { namespace } = rule.route.metadata;
  const filter =
    ref.kind === "HTTPRouteFilter"
      ? objects.custom("HTTPRouteFilter", namespace, jsonString(ref.name) ?? "")
      : undefined;
  if (filter === undefined) return { steps: [], answer: undefined };
  const { directResponse, urlRewrite } = filter.spec;
  if (directResponse !== undefined) {
    const { statusCode, body, contentType } = jsonFields(directResponse);
    const type = jsonString(contentType);
    const why = [
      reason(
        "direct-response",
        `HTTPRouteFilter ${namespace}/${filter.metadata.name} answers itself`,
        placeOf(filter, "spec.directResponse"),
      ),
    ];
    return {
      steps:
        type === undefined
          ? []
          : [{ kind: "envoy-headers", response: [{ name: "content-type", value: [textAsBytes(type)] }] }],
      answer: {
        kind: "respond",
        status: jsonNumber(statusCode) ?? 200,
        text: bodyText(jsonFields(body), namespace, objects),
        why,
      },
    };
  }
  return { steps: rewritesOf(jsonFields(urlRewrite)), answer: undefined };
}

function bodyText({ inline, valueRef }: JsonObject, namespace: string, objects: GatewayObjects): string {
  const name = jsonString(jsonFields(valueRef).name);
  if (name === undefined) return jsonString(inline) ?? "";
  const data = objects.configMap(`${namespace}/${name}`)?.data;
  return data?.get("response.body") ?? [...(data?.values() ?? [])][0] ?? "";
}

function rewritesOf({ path, hostname }: JsonObject): readonly Step[] {
  const steps: Step[] = [];
  const { type, header } = jsonFields(hostname);
  if (type === "Header")
    steps.push({ kind: "envoy-host", to: readEnvoyText(`%REQ(${jsonString(header) ?? ""})%`) });
  const { pattern, substitution } = jsonFields(jsonFields(path).replaceRegexMatch);
  if (pattern === undefined) return steps;
  const compiled = compileRe2(jsonString(pattern) ?? "", { broken: "refused" });
  if (compiled.kind === "compiled")
    steps.push({
      kind: "envoy-regex-rewrite",
      pattern: compiled.pattern,
      to: readSubstitution(jsonString(substitution) ?? "", compiled.pattern.names.length),
    });
  return steps;
}
