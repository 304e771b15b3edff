import type { Problem } from "../model/problem.ts";
import { headersSet } from "./explain/headers-set.ts";
import { explainJson, explainText } from "./explain/print-explain.ts";
import { readWords } from "./explain/words.ts";
import type { Flags } from "./options/config.ts";
import { bodySize, oneOf, text } from "./options/values.ts";
import { readHeader } from "./predict/request-url.ts";
import type { Explained } from "./predict/work-out.ts";
import { createPredictor, type RequestInWords } from "./predict.ts";
import { asFilenames } from "./program/options.ts";
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
function isWorthTelling({ level, object }: Problem, answers: readonly Explained[]): boolean {
  if (level !== "notice") return true;
  if (object?.kind !== "Ingress") return false;
  return answers.some(({ decision: { kind, route } }) => {
    const { namespace, name } = route?.ingress ?? {};
    return kind === "respond" && object.namespace === namespace && object.name === name;
  });
}

/**
 * `explain URL…`: where requests go, and why. Prints the answers to standard output, problems to standard error.
 * `others`: more URLs, and manifests. @throws UserError for a malformed URL or option
 */
export async function explainCommand(
  first: string,
  others: readonly string[],
  flags: Flags,
  surroundings: Surroundings,
): Promise<ExitCode> {
  const { question, form } = readQuestion(flags);
  const namesHost = question.headers.some(([name]) => name.toLowerCase() === "host");
  const { urls, paths } = await readWords(first, others, { namesHost });
  const { output: _, ...routingFlags } = asFilenames(paths, flags);
  const routing = await readRouting(routingFlags, surroundings);
  const { sample, answer } = createPredictor(routing);
  const requests = urls.map((url) => sample({ ...question, url }));
  const stopped = stoppedInWords(routing.compiled);
  const answers: Explained[] = [];
  for (const request of requests) {
    const explained = await answer(request);
    answers.push({ ...explained, production: stopped ?? explained.production });
  }
  const { plane } = routing.table;
  const headers = answers.map(({ facts, decision }) => headersSet(plane, facts, decision));
  if (form === "text") {
    await reportProblems(
      routing.problems.filter((problem) => isWorthTelling(problem, answers)),
      surroundings,
    );
  }
  const printed = answers.map((each, index) =>
    form === "json"
      ? explainJson(each, headers[index] ?? {}, urls.length > 1 ? urls[index] : undefined)
      : explainText(each, headers[index] ?? {}).join("\n"),
  );
  surroundings.stdout.write(`${printed.join(form === "json" ? "\n" : "\n\n")}\n`);
  await routing.close();
  return 0;
}
