import type { Problem } from "../model/problem.ts";
import { isHostLine } from "../request/header-line.ts";
import { createAnswerer } from "./explain/answer.ts";
import { explainJson, followedJson } from "./explain/explain-json.ts";
import { alone, type Followed, follow } from "./explain/follow.ts";
import { explainText, followedText, titled } from "./explain/print-explain.ts";
import { readWords } from "./explain/words.ts";
import type { Flags } from "./options/config.ts";
import { bodySize, oneOf, text } from "./options/values.ts";
import { readHeader } from "./predict/request-url.ts";
import type { Explained } from "./predict/work-out.ts";
import { createPredictor, hostAsked, type RequestInWords } from "./predict.ts";
import { asFilenames } from "./program/options.ts";
import { reportProblems } from "./report.ts";
import { pick } from "./routing/pick.ts";
import { readRoutings } from "./routing.ts";
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

/** default of `controller`: there is one alone */
interface Of {
  readonly controller: string | undefined;
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
  const routings = await readRoutings(routingFlags, surroundings);
  const isOne = routings.all.length === 1;
  const shown = new Map(
    routings.all.map((routing) => {
      const predictor = createPredictor(routing);
      return [routing, { predictor, answer: createAnswerer(routing, predictor, { tree: tree === true }) }];
    }),
  );
  // A malformed URL is told before anything else.
  const requests = urls.map((url) => {
    const routing = pick(routings.all, hostAsked({ ...question, url }));
    const { predictor, answer } = shown.get(routing) as NonNullable<ReturnType<typeof shown.get>>;
    return { url, routing, predictor, answer, request: predictor.sample({ ...question, url }) };
  });
  const asked: (Followed & Of)[] = [];
  for (const { url, request, routing, predictor, answer } of requests) {
    const followed =
      follows === true
        ? await follow({ ...question, url }, routing, predictor, answer)
        : alone({ url, answer: await answer(request) });
    asked.push({ ...followed, controller: isOne ? undefined : routing.settings.controller });
  }
  if (form === "text") {
    const answers = asked.flatMap(({ hops }) => hops.map((hop) => hop.answer));
    await reportProblems(
      routings.problems.filter((problem) => isWorthTelling(problem, answers)),
      surroundings,
    );
  }
  const printed = asked.map((each, index) => {
    const url = urls.length > 1 ? urls[index] : undefined;
    const { controller } = each;
    if (form === "json")
      return follows === true
        ? followedJson(each, { url, controller })
        : explainJson(each.hops[0].answer, { url, controller });
    const lines = follows === true ? followedText(each) : explainText(each.hops[0].answer);
    return [...lines, ...(controller === undefined ? [] : titled("Controller", [controller]))].join("\n");
  });
  surroundings.stdout.write(`${printed.join(form === "json" ? "\n" : "\n\n")}\n`);
  await routings.close();
  return 0;
}
