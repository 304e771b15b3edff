import { printable } from "../../../../ui/printable.ts";
import { safeJson } from "../../../../ui/safe-json.ts";
import { counted } from "../../../counted.ts";
import { mainBackend, ownMatchOf } from "../../../model/route.ts";
import { columns } from "../../forms/columns.ts";
import { saidInWords } from "../../recorded/said.ts";
import { backendInWords, fileAndLine, hostAndPathInWords } from "../route-in-words.ts";
import type { Contradiction, LineCount, LogTable, RuleCount } from "./log-table.ts";

const HEADINGS = ["LINES", "RULE", "INGRESS", "SERVICE", "STATUSES", "PLACE"];

/** For people: a table of rules, then what does not fit, then what was not counted. */
export function logText(table: LogTable): readonly string[] {
  const { unruled, unruledHosts, contradicted, contradictions } = table;
  const rows = table.rules().map(ruleRow);
  const none = `no rule (${[...unruledHosts].join(", ")})`;
  if (unruled.count > 0) rows.push([String(unruled.count), none, "", "", statusesOf(unruled), ""]);
  const left = contradicted - contradictions.length;
  return [
    ...columns([HEADINGS, ...rows].map((cells) => cells.map(printable).join("\t"))).map((line) =>
      line.trimEnd(),
    ),
    "",
    ...(contradicted === 0 ? [] : [`${counted(contradicted, "line")} cannot have been answered so:`]),
    ...contradictions.flatMap(contradictionLines),
    ...(left > 0 ? [`  and ${left} more`, ""] : contradicted > 0 ? [""] : []),
    ...lineCounts(table),
  ];
}

function ruleRow({ route, count, statuses }: RuleCount): string[] {
  const backend = route && mainBackend(route);
  return [
    String(count),
    route?.rule === undefined
      ? ((route && ownMatchOf(route)) ?? "default backend")
      : hostAndPathInWords(route.rule),
    route?.ingress === undefined ? "" : `${route.ingress.namespace}/${route.ingress.name}`,
    backend === undefined ? "" : backendInWords(backend),
    count === 0 ? "never hit" : statusesOf({ statuses }),
    route?.ingress === undefined ? "" : fileAndLine(route.ingress),
  ];
}

/** `200×12 404×1`, most first. */
function statusesOf({ statuses }: Pick<RuleCount, "statuses">): string {
  const sorted = [...statuses].sort(([a, many], [b, few]) => few - many || a - b);
  return sorted.map(([status, count]) => `${status === 0 ? "?" : status}×${count}`).join(" ");
}

function contradictionLines({ line, request, recorded, now }: Contradiction): readonly string[] {
  return [
    `  line ${line}: ${request.method} ${request.url}`,
    `    recorded  ${saidInWords(recorded)}`,
    `    now       ${saidInWords(now)}`,
    ...now.why.slice(0, 1).map((why) => `    why       ${why}`),
  ].map(printable);
}

function lineCounts({ lines, requests, unread, others, hostless, rules }: LogTable): readonly string[] {
  const unhit = rules().filter(({ count }) => count === 0).length;
  const from = ({ count, first }: LineCount) =>
    count === 1 ? `line ${first}` : `the first is line ${first}`;
  return [
    `${counted(lines, "line")}, ${counted(requests, "request")}; ${counted(unhit, "rule")} never hit`,
    ...(others.count === 0 ? [] : [`${counted(others.count, "line")} of no request (${from(others)})`]),
    ...(hostless.count === 0
      ? []
      : [
          `${counted(hostless.count, "line")} without a host (${from(hostless)}): name one with -H 'Host: NAME'`,
        ]),
    ...(unread.count === 0 ? [] : [`${counted(unread.count, "line")} that cannot be read (${from(unread)})`]),
  ];
}

/** For scripts, on one line. */
export function logJson(table: LogTable): string {
  const { lines, requests, unruled, unruledHosts, contradicted, contradictions, unread, others, hostless } =
    table;
  return safeJson({
    ...{ lines, requests },
    rules: table.rules().map((row) => {
      const { route, count } = row;
      const backend = route && mainBackend(route);
      return {
        ...{ count, contradicted: row.contradicted, statuses: Object.fromEntries(row.statuses) },
        rule: route?.rule,
        ingress: route?.ingress && `${route.ingress.namespace}/${route.ingress.name}`,
        file: route?.ingress?.file,
        line: route?.ingress?.line || undefined,
        service: backend && backendInWords(backend),
      };
    }),
    unruled: {
      ...{ count: unruled.count, contradicted: unruled.contradicted },
      ...{ statuses: Object.fromEntries(unruled.statuses), hosts: [...unruledHosts] },
    },
    ...{ contradicted, contradictions, unread, others, hostless },
  });
}
