import type { Problem } from "../model/problem.ts";
import { isHostLine } from "../request/header-line.ts";
import { createAnswerer } from "./explain/answer.ts";
import { explainJson, followedJson } from "./explain/explain-json.ts";
import { alone, type Followed, follow } from "./explain/follow.ts";
import { explainText, followedText } from "./explain/print-explain.ts";
import { readWords } from "./explain/words.ts";
import type { Flags } from "./options/config.ts";
import { bodySize, oneOf, text } from "./options/values.ts";
import { readHeader } from "./predict/request-url.ts";
import type { Explained } from "./predict/work-out.ts";
import { createPredictor, type RequestInWords } from "./predict.ts";
import { asFilenames } from "./program/options.ts";
import { reportProblems } from "./report.ts";
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
  const namesHost = question.headers.some(isHostLine);
  const { urls, paths } = await readWords(first, others, { namesHost });
  const { output: _, tree, follow: follows, ...routingFlags } = asFilenames(paths, flags);
  const routing = await readRouting(routingFlags, surroundings);
  const predictor = createPredictor(routing);
  const answer = createAnswerer(routing, predictor, { tree: tree === true });
  // A malformed URL is told before anything else.
  const requests = urls.map((url) => predictor.sample({ ...question, url }));
  const asked: Followed[] = [];
  for (const [index, request] of requests.entries()) {
    const url = urls[index] ?? "";
    asked.push(
      follows === true
        ? await follow({ ...question, url }, routing, predictor, answer)
        : alone({ url, answer: await answer(request) }),
    );
  }
  if (form === "text") {
    const answers = asked.flatMap(({ hops }) => hops.map((hop) => hop.answer));
    await reportProblems(
      routing.problems.filter((problem) => isWorthTelling(problem, answers)),
      surroundings,
    );
  }
  const printed = asked.map((each, index) => {
    const url = urls.length > 1 ? urls[index] : undefined;
    if (form === "json")
      return follows === true ? followedJson(each, url) : explainJson(each.hops[0].answer, url);
    return (follows === true ? followedText(each) : explainText(each.hops[0].answer)).join("\n");
  });
  surroundings.stdout.write(`${printed.join(form === "json" ? "\n" : "\n\n")}\n`);
  await routing.close();
  return 0;
}
