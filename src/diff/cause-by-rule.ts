import type { Outcome } from "../match/outcome.ts";
import type { Reason } from "../model/reason.ts";
import type { Route, RouteTable } from "../model/route.ts";
import { hostNameOf } from "../request/host.ts";
import type { Cause } from "./difference.ts";
import { ingressOf, pathKey, routeInWords, ruleKey, type TableRules, tableRules } from "./table-rules.ts";

interface Taken {
  readonly table: RouteTable;
  readonly outcome: Pick<Outcome, "decision" | "facts">;
}

/** `undefined`: the same rule takes the request. */
export function causeByRule(first: Taken, second: Taken): Cause | undefined {
  const [from, to] = [first.outcome.decision.route, second.outcome.decision.route];
  const [before, after] = [tableRules(first.table), tableRules(second.table)];
  // Without a route a request is answered before any rule is looked for.
  if (from === undefined || to === undefined || (ruleKey(from) === "" && ruleKey(to) === "")) {
    const byItsHost = byHost(hostNameOf(first.table, first.outcome.facts), before, after);
    return byItsHost ?? (isOwnPathAgainstRule(first, second) ? byAnotherRule(first, second) : undefined);
  }
  if (ruleKey(from) === ruleKey(to)) return undefined;
  const gone = isLeftOut(from, after) ? from : undefined;
  const made = isLeftOut(to, before) ? to : undefined;
  if (gone === undefined && made === undefined) return byAnotherRule(first, second);
  return (
    typeChanged(gone, made, before, after) ?? replaced(gone, made) ?? cameOrWent(gone, made, before, after)
  );
}

/** The controller reserves paths on hosts that no rule names, and a rule of both sides has the host on one. */
function isOwnPathAgainstRule(first: Taken, second: Taken): boolean {
  const [from, to] = [first.outcome.decision, second.outcome.decision];
  const isOwn = ({ route, why: [reason] }: typeof from) =>
    route === undefined && (reason?.code === "health-check" || reason?.code === "nginx-status");
  return (isOwn(from) && ruleKey(to.route) !== "") || (isOwn(to) && ruleKey(from.route) !== "");
}

/** The controller's own answers are those of another host. */
function byHost(host: string, before: TableRules, after: TableRules): Cause | undefined {
  const [was, is] = [before.byHost.get(host), after.byHost.get(host)];
  if ((was === undefined) === (is === undefined)) return undefined;
  return cameOrWent(was, is, before, after);
}

/** The controller's own answer is on both sides. */
function isLeftOut(route: Route, { byRule }: TableRules): boolean {
  return ruleKey(route) !== "" && !byRule.has(ruleKey(route));
}

function typeChanged(
  gone: Route | undefined,
  made: Route | undefined,
  before: TableRules,
  after: TableRules,
): Cause | undefined {
  const was = gone?.rule ?? (made?.rule && before.byPath.get(pathKey(made.rule))?.rule);
  const is = made?.rule ?? (gone?.rule && after.byPath.get(pathKey(gone.rule))?.rule);
  if (was === undefined || is === undefined || pathKey(was) !== pathKey(is)) return undefined;
  const detail = `${pathKey(was)}: ${was.pathType} → ${is.pathType}`;
  return { code: "path-type-changed", text: "path type changed", detail, key: detail };
}

/** Another path of the same Ingress in the place of this one. */
function replaced(gone: Route | undefined, made: Route | undefined): Cause | undefined {
  if (gone?.rule === undefined || made?.rule === undefined) return undefined;
  if (ingressOf(gone) !== ingressOf(made) || gone.rule.host !== made.rule.host) return undefined;
  const detail = `${routeInWords(gone)} → ${made.rule.path} (${made.rule.pathType})`;
  return { code: "rule-replaced", text: "rule replaced", detail, key: `${ruleKey(gone)} ${ruleKey(made)}` };
}

function cameOrWent(
  gone: Route | undefined,
  made: Route | undefined,
  before: TableRules,
  after: TableRules,
): Cause {
  if (made !== undefined) return { code: "rule-added", text: "rule added", ...about(made, before) };
  return {
    code: "rule-removed",
    text: "rule removed",
    ...(gone === undefined ? { key: "" } : about(gone, after)),
  };
}

/** `others`: of the table without the rule. Rules of an Ingress that is not there are one cause. */
function about(route: Route, others: TableRules): Pick<Cause, "detail" | "key"> {
  const ingress = ingressOf(route);
  if (ingress !== undefined && !others.ingresses.has(ingress))
    return { detail: `the whole ${route.ingress?.kind ?? "Ingress"} ${ingress}`, key: ingress };
  return { detail: routeInWords(route), key: ruleKey(route) };
}

/** Both rules are on both sides. */
function byAnotherRule(first: Taken, second: Taken): Cause {
  const [from, to] = [first.outcome.decision.route, second.outcome.decision.route];
  const key = `${ruleKey(from)} ${ruleKey(to)}`;
  const regex = regexSwitched(from, first, second) ?? regexSwitched(to, first, second);
  if (regex !== undefined) return regex;
  if (ruleKey(from) === "" && to !== undefined)
    return { code: "another-rule", text: "newly taken by a rule", detail: routeInWords(to), key };
  if (ruleKey(to) === "" && from !== undefined)
    return { code: "another-rule", text: "no longer taken by a rule", detail: routeInWords(from), key };
  const detail = to?.ingress === undefined ? to?.rule?.path : routeInWords(to);
  return { code: "another-rule", text: "taken by another rule", detail, key };
}

function regexSwitched(route: Route | undefined, first: Taken, second: Taken): Cause | undefined {
  const [before, after] = [first, second].map(({ table }) => tableRules(table).byRule.get(ruleKey(route)));
  const isOn = after?.rule?.regex === true;
  if (before?.rule === undefined || after?.rule === undefined || before.rule.regex === isOn) return undefined;
  const why = (isOn ? after : before).why.find(({ code }) => code === "host-regex");
  const text = `taken by another rule: regular expressions for the whole host were switched ${isOn ? "on" : "off"}`;
  return { code: "host-regex", text, detail: why && textAt(why), key: `${before.rule.host} ${isOn}` };
}

function textAt({ text, at }: Reason): string {
  return at === undefined ? text : `${text} (${at.file}:${at.line})`;
}
