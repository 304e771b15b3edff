import { jsonFields, jsonItems, jsonNumber, jsonString } from "../../../model/json.ts";
import type { NextUpstreamCondition } from "../../../model/route/transport.ts";
import type { StatusRange } from "../../../step/traefik/errors.ts";
import { PROVIDERS } from "../facts.ts";
import { Lost } from "../lost.ts";
import { joinedName } from "../names.ts";
import { crdService } from "../services/crd-service.ts";
import { statusRanges } from "../status-ranges.ts";
import type { Build } from "./building.ts";
import { durationMs } from "./duration.ts";

/** pkg/middlewares/customerrors */
export const buildErrors: Build = ({ spec, middleware, by, objects }) => {
  const fields = jsonFields(spec);
  const statuses = statusRanges(jsonItems(fields.status).map(String));
  if (statuses instanceof Lost) return statuses;
  const { namespace, name } = middleware.metadata;
  const named = `${joinedName(`${namespace}-${name}`)}-errorpage-service@${PROVIDERS.crd}`;
  const service = crdService(namespace, jsonFields(fields.service), objects, [], named);
  if (service instanceof Lost) return service;
  if (service.kind === "answer") return new Lost("its service answers nothing", "Name a Service.");
  const rewrites: { readonly range: StatusRange; readonly to: number }[] = [];
  for (const [range, to] of Object.entries(jsonFields(fields.statusRewrites))) {
    const read = statusRanges([range]);
    if (read instanceof Lost) return read;
    for (const each of read) rewrites.push({ range: each, to: Number(to) });
  }
  const [{ backend, transport }] = service.leaves;
  const query = jsonString(fields.query) ?? "";
  return { steps: [{ kind: "errors", statuses, rewrites, query, backend, transport, by }] };
};

/** pkg/middlewares/retry: failed connections, and the statuses that are listed */
export const buildRetry: Build = ({ spec }) => {
  const fields = jsonFields(spec);
  const attempts = jsonNumber(fields.attempts) ?? 0;
  if (attempts <= 0) return new Lost(`attempts is ${attempts}`, "Write how often a request is tried.");
  const statuses = statusRanges(jsonItems(fields.status).map(String));
  if (statuses instanceof Lost) return statuses;
  const interval = fields.initialInterval;
  if (interval !== undefined && durationMs(interval) === undefined)
    return new Lost("its initialInterval is no time", "Write a time: 100ms.");
  const isListed = (status: number) => statuses.some(({ from, to }) => status >= from && status <= to);
  const listed = RETRIED.filter(([status]) => isListed(status)).map(([, condition]) => condition);
  const conditions: ReadonlySet<NextUpstreamCondition> = new Set(["error", "non_idempotent", ...listed]);
  return { transport: { nextUpstream: { conditions, tries: attempts, timeoutMs: 0 } } };
};

const RETRIED: readonly (readonly [number, NextUpstreamCondition])[] = [
  [403, "http_403"],
  [404, "http_404"],
  [429, "http_429"],
  [500, "http_500"],
  [502, "http_502"],
  [503, "http_503"],
  [504, "http_504"],
];

/** pkg/middlewares/buffering */
export const buildBuffering: Build = ({ spec }) => {
  const fields = jsonFields(spec);
  const expression = jsonString(fields.retryExpression) ?? "";
  if (expression !== "" && !RETRY_EXPRESSION.test(expression))
    return new Lost(`its retryExpression ${JSON.stringify(expression)} is none`, "Correct the expression.");
  const limit = jsonNumber(fields.maxRequestBodyBytes) ?? 0;
  const most = jsonNumber(fields.maxResponseBodyBytes) ?? 0;
  const responseBytes = most > 0 ? most : undefined;
  const buffers = { request: "gathered", responseBytes } as const;
  if (limit <= 0) return { transport: { buffers } };
  return { steps: [{ kind: "body-limit", bytes: limit }], transport: { buffers, bodyLimit: limit } };
};

/** Functions and operators of oxy's predicates. */
const RETRY_EXPRESSION = /^(?:IsNetworkError|Attempts|ResponseCode|[\s()<>=!&|.,\d])+$/;
