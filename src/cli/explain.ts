import type { Problem } from "../model/problem.ts";
import { headersSet } from "./explain/headers-set.ts";
import { explainJson, explainText } from "./explain/print-explain.ts";
import type { Flags } from "./options/config.ts";
import { bodySize, oneOf, text } from "./options/values.ts";
import { readHeader } from "./predict/request-url.ts";
import type { Explained } from "./predict/work-out.ts";
import { createPredictor, type RequestInWords } from "./predict.ts";
import { reportProblems } from "./report.ts";
import { stoppedInWords } from "./routing/in-force.ts";
import { readRouting } from "./routing.ts";
import type { ExitCode, Surroundings } from "./surroundings.ts";

interface Asked {
  readonly question: Omit<RequestInWords, "url">;
  readonly form: "text" | "json";
}

function readQuestion(flags: Flags): Asked {
  const given = Array.isArray(flags.header) ? flags.header : [];
  return {
    question: {
      method: flags.request === undefined ? "GET" : text(flags.request, "--request"),
      headers: given.map((header) => readHeader(String(header))),
      bodySize: flags.bodySize === undefined ? undefined : bodySize(flags.bodySize, "--body-size"),
    },
    form: flags.output === undefined ? "text" : oneOf(["text", "json"])(flags.output, "--output"),
  };
}

/** Notices matter only for the Ingress that answers with an error. */
function isWorthTelling({ level, object }: Problem, { decision }: Explained): boolean {
  if (level !== "notice") return true;
  const { kind, route } = decision;
  const { namespace, name } = route?.ingress ?? {};
  return (
    kind === "respond" && object?.kind === "Ingress" && object.namespace === namespace && object.name === name
  );
}

/**
 * `explain URL`: where a request goes, and why. Prints the answer to standard output, problems to standard
 * error. @throws UserError for a malformed URL or option
 */
export async function explainCommand(
  url: string,
  flags: Flags,
  surroundings: Surroundings,
): Promise<ExitCode> {
  const { question, form } = readQuestion(flags);
  const { output: _, ...others } = flags;
  const routing = await readRouting(others, surroundings);
  const { sample, answer } = createPredictor(routing);
  const explained = await answer(sample({ ...question, url }));
  const found = { ...explained, production: stoppedInWords(routing.compiled) ?? explained.production };
  const headers = headersSet(routing.table.plane, found.facts, found.decision);
  if (form === "json") surroundings.stdout.write(`${explainJson(found, headers)}\n`);
  else {
    await reportProblems(
      routing.problems.filter((problem) => isWorthTelling(problem, found)),
      surroundings,
    );
    surroundings.stdout.write(`${explainText(found, headers).join("\n")}\n`);
  }
  await routing.close();
  return 0;
}
