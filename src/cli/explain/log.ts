import { UserError } from "../../errors.ts";
import { UNREAD_LINE } from "../../har/access-log/logged-request.ts";
import { readLogLine } from "../../har/access-log/read-line.ts";
import type { RouteTable } from "../../model/route.ts";
import { isHostLine } from "../../request/header-line.ts";
import type { Flags } from "../options/config.ts";
import { oneOf } from "../options/values.ts";
import { readHeader } from "../predict/request-url.ts";
import { listenerPorts } from "../predict.ts";
import { listenersOf, locationReader } from "../recorded/location.ts";
import { isServed } from "../recorded/served.ts";
import { readRoutings } from "../routing.ts";
import type { ExitCode, Surroundings } from "../surroundings.ts";
import { readInput } from "./log/input.ts";
import { createJointPlacer } from "./log/joint-placer.ts";
import { addLine, createLogTable, type LogTable } from "./log/log-table.ts";
import type { Placer } from "./log/place.ts";
import { logJson, logText } from "./log/print-log.ts";

/** Options of `explain` that a log answers itself. */
const OF_ONE_REQUEST = ["request", "bodySize", "tree", "follow"] as const;

interface LogOptions {
  readonly form: "text" | "json";
  /** For lines without one. */
  readonly host: string | undefined;
}

function readOptions(flags: Flags): LogOptions {
  const odd = OF_ONE_REQUEST.find((name) => flags[name] !== undefined);
  if (odd !== undefined) {
    const shown = odd.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    throw new UserError(
      "bad-option",
      `--${shown} is for a URL: a log on standard input says itself what was asked.`,
    );
  }
  const headers = (Array.isArray(flags.header) ? flags.header : []).map((header) =>
    readHeader(String(header)),
  );
  const other = headers.find((line) => !isHostLine(line));
  if (other !== undefined)
    throw new UserError(
      "bad-option",
      `--header ${other[0]}: beside a log only Host has a meaning, for lines without one.`,
    );
  const form = flags.output === undefined ? "text" : oneOf(["text", "json"])(flags.output, "--output");
  return { form, host: headers[0]?.[1] };
}

/**
 * `explain - < FILE`: which rule each line of an access log or HAR hits, as a table. Exit status 0, whatever it shows.
 * @throws UserError for options, manifests, or an input that is no log
 */
export async function explainLogCommand(flags: Flags, surroundings: Surroundings): Promise<ExitCode> {
  const { form, host } = readOptions(flags);
  const { output: _, header: __, ...others } = flags;
  if (Array.isArray(flags.filename) && flags.filename.includes("-"))
    throw new UserError("bad-option", "Standard input is the log, so manifests cannot come from there too.");
  const { all, close } = await readRoutings(others, surroundings);
  try {
    const listeners = new Set(all.flatMap(({ settings }) => listenersOf(listenerPorts(settings))));
    const placer = createJointPlacer(all, host, locationReader(listeners));
    const tables = all.map(({ table }) => table);
    const found = createLogTable({ routes: tables.flatMap(({ routes }) => routes) });
    await readAll(surroundings, placer, tables, found, listeners);
    surroundings.stdout.write(form === "json" ? `${logJson(found)}\n` : `${logText(found).join("\n")}\n`);
    return 0;
  } finally {
    await close();
  }
}

async function readAll(
  { stdin }: Pick<Surroundings, "stdin">,
  placer: Placer,
  tables: readonly RouteTable[],
  found: LogTable,
  listeners: Set<number>,
): Promise<void> {
  await readInput(stdin, {
    line(line, isWhole) {
      const number = ++found.lines;
      const read = isWhole ? readLogLine(line) : UNREAD_LINE;
      if (read.kind === "unread") addLine(found.unread, number);
      else if (read.kind === "other") {
        for (const port of read.ports ?? []) listeners.add(port);
        addLine(found.others, number);
      } else {
        const placed = placer.place(read, number);
        if (placed === undefined) addLine(found.hostless, number);
        else found.add(placed);
      }
    },
    har({ requests, ports }) {
      for (const port of ports) listeners.add(port);
      for (const request of requests) {
        found.lines++;
        // A browser's recording has requests to other sites as well, which no rule is for.
        const isOther =
          request.known === undefined
            ? !tables.some((table) => isServed(table, request))
            : request.known.malformed;
        if (isOther === true) addLine(found.others, request.line);
        else found.add(placer.placeRecorded(request));
      }
    },
  });
  if (found.requests === 0 && found.unread.count > 0)
    throw new UserError(
      "bad-log",
      `No line of standard input is a request of an access log that is known (the first is line ${found.unread.first}).`,
    );
}
