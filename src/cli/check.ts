import type { Problem } from "../model/problem.ts";
import { CHECK_FORMS } from "./check/forms.ts";
import { routeFindings } from "./check/route-findings.ts";
import { SourceFile } from "./check/source-file.ts";
import { optimiseAgain, stopOptimising } from "./check/tiering.ts";
import { withoutIgnored } from "./check/without-ignored.ts";
import { chosenForm } from "./forms/choose.ts";
import type { Flags } from "./options/config.ts";
import { jointProblems } from "./routing/joint-problems.ts";
import { readRoutings } from "./routing.ts";
import type { ExitCode, Surroundings } from "./surroundings.ts";

/**
 * The result of `kubectl apply` with the controller's admission webhook, which its Helm chart and minikube
 * install: it refuses Ingresses of which `up` only warns.
 */
function asApplied(problem: Problem): Problem {
  const { webhook, message } = problem;
  // A copy: its line is looked for once, while the trees come in their order.
  if (webhook === undefined) return { ...problem };
  const denied = 'admission webhook "validate.nginx.ingress.kubernetes.io" denied the request';
  const refusal = message.includes(webhook) ? denied : `${denied}: ${webhook}`;
  return { ...problem, level: "error", message: `${message} (${refusal})` };
}

/**
 * `check`: reports every problem of manifests without serving them, by the API server, the admission webhook
 * and the controller. Exit status 1: an error.
 */
export async function checkCommand(flags: Flags, surroundings: Surroundings): Promise<ExitCode> {
  const { output, explain, fix, ...others } = flags;
  if (explain !== undefined) {
    const { explainCode } = await import("./check/explain-code.ts");
    await explainCode(String(explain), output, surroundings);
    return 0;
  }
  const form = chosenForm(CHECK_FORMS, output, surroundings.env);
  const fixed = fix === true ? await fixFirst(others, surroundings) : undefined;
  const around = fixed?.surroundings ?? surroundings;
  const files = new Map<string, SourceFile>();
  let size = 0;
  const onText = (file: string, text: string) => {
    size += text.length;
    files.set(file, new SourceFile(text));
  };
  const onRead = () => stopOptimising(size);
  const reading = readRoutings(others, around, "manifests", { onText, onRead });
  const routings = await reading.finally(optimiseAgain);
  const { all, problems } = routings;
  const [{ settings, reading: manifests }] = all;
  const findings = await Promise.all(all.map(routeFindings));
  await routings.close();
  const applied = [...problems, ...jointProblems(findings)].map(asApplied);
  const sorted = await withoutIgnored(applied, settings.ignore, files);
  const report = { ...sorted, description: manifests.description, fixed: fixed?.repairs };
  around.stdout.write(`${(await form(report, around)).join("\n")}\n`);
  return report.problems.some(({ problem }) => problem.level === "error") ? 1 : 0;
}

async function fixFirst(flags: Flags, surroundings: Surroundings) {
  const { fixManifests } = await import("./check/fix.ts");
  return fixManifests(flags, surroundings);
}
