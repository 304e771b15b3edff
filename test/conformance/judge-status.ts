import { type Json, type JsonObject, jsonFields, jsonItems } from "../../src/model/json.ts";
import type { SuiteStatus } from "./cases.ts";

/** What an object's status lacks of what the suite wants, one a line. */
export function lacking(wanted: SuiteStatus, status: JsonObject): readonly string[] {
  const { conditions, parent, listeners, listenersConditions, parents } = wanted;
  const lines: string[] = [];
  const listed = jsonItems(status.listeners).map(jsonFields);
  const ends = [...jsonItems(status.parents), ...jsonItems(status.ancestors)].map(jsonFields);
  if (conditions !== undefined) {
    const own = parent === undefined ? [status] : ends.filter((end) => isFor(end, parent));
    const tried = own.map((each) => missing(conditions, each.conditions));
    if (!tried.some((each) => each.length === 0)) lines.push(...(tried[0] ?? ["no such parent"]));
  }
  for (const listener of listeners ?? []) {
    const found = listed.find(({ name }) => name === listener.name);
    if (found === undefined) lines.push(`no listener ${listener.name}`);
    else lines.push(...listenerLacks(listener, found));
  }
  if (listeners !== undefined && listeners.length !== listed.length)
    lines.push(`${listed.length} listeners for ${listeners.length}`);
  if (listenersConditions !== undefined) {
    const { names, all } = listenersConditions;
    const asked = listed.filter(({ name }) => names === undefined || names.includes(String(name)));
    if (asked.length < (names?.length ?? 1)) lines.push(`listeners ${names?.join(", ") ?? ""} are not there`);
    for (const each of asked)
      lines.push(...missing(all, each.conditions).map((line) => `listener ${String(each.name)}: ${line}`));
  }
  for (const each of parents ?? []) {
    const found = ends.find((end) => isFor(end, each.parentRef));
    if (found === undefined) lines.push(`no parent ${JSON.stringify(each.parentRef)}`);
    else lines.push(...missing(each.conditions, found.conditions));
  }
  if (parents !== undefined && parents.length !== ends.length)
    lines.push(`${ends.length} parents for ${parents.length}`);
  if (wanted.zeroAttachedRoutes === true)
    for (const { name, attachedRoutes } of listed)
      if (attachedRoutes !== 0) lines.push(`listener ${String(name)} has ${String(attachedRoutes)} routes`);
  if (wanted.noAcceptedParents === true && ends.some((end) => isAccepted(end.conditions)))
    lines.push("a parent accepted it");
  if (
    wanted.attachedListenerSets !== undefined &&
    status.attachedListenerSets !== wanted.attachedListenerSets
  )
    lines.push(
      `attachedListenerSets ${String(status.attachedListenerSets)} for ${wanted.attachedListenerSets}`,
    );
  return lines;
}

function listenerLacks(
  wanted: NonNullable<SuiteStatus["listeners"]>[number],
  { attachedRoutes, supportedKinds, conditions }: JsonObject,
): readonly string[] {
  const kinds = jsonItems(supportedKinds).map((kind) => String(jsonFields(kind).kind));
  const lines = missing(wanted.conditions ?? [], conditions);
  const unsupported = (wanted.supportedKinds ?? []).filter((kind) => !kinds.includes(kind));
  const isWrong = unsupported.length > 0 || (wanted.supportedKinds?.length === 0 && kinds.length > 0);
  return [
    ...lines,
    ...(isWrong ? [`kinds ${kinds.join()} for ${wanted.supportedKinds?.join()}`] : []),
    ...(wanted.attachedRoutes !== undefined && wanted.attachedRoutes !== attachedRoutes
      ? [`${String(attachedRoutes)} routes for ${wanted.attachedRoutes}`]
      : []),
  ].map((line) => `listener ${wanted.name}: ${line}`);
}

function isFor(end: JsonObject, ref: JsonObject): boolean {
  const own = jsonFields(end.parentRef ?? end.ancestorRef);
  return Object.entries(ref).every(
    ([field, value]) => (own[field] ?? DEFAULTS.get(field) ?? value) === value,
  );
}

const DEFAULTS: ReadonlyMap<string, Json> = new Map([
  ["group", "gateway.networking.k8s.io"],
  ["kind", "Gateway"],
]);

function isAccepted(conditions: Json | undefined): boolean {
  return jsonItems(conditions)
    .map(jsonFields)
    .some(({ type, status }) => type === "Accepted" && status === "True");
}

function missing(
  wanted: readonly { readonly type: string; readonly status: string; readonly reason?: string }[],
  conditions: Json | undefined,
): readonly string[] {
  const found = jsonItems(conditions).map(jsonFields);
  return wanted.flatMap(({ type, status, reason }) => {
    const own = found.find((each) => each.type === type);
    const isRight =
      own?.status === status && (reason === undefined || String(own.reason).split(",").includes(reason));
    const is = own === undefined ? "nothing" : `${String(own.status)} ${String(own.reason)}`;
    return isRight ? [] : [`${type} is ${is}, for ${status} ${reason ?? ""}`];
  });
}

/** True if every condition was written for the object's present generation. */
export function isCurrent(status: JsonObject, generation: number): boolean {
  const own = [
    status,
    ...jsonItems(status.listeners),
    ...jsonItems(status.parents),
    ...jsonItems(status.ancestors),
  ];
  const conditions = own.flatMap((each) => jsonItems(jsonFields(each).conditions).map(jsonFields));
  return conditions.length > 0 && conditions.every((each) => each.observedGeneration === generation);
}
