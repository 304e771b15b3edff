import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { UserError } from "../../src/errors.ts";
import { requireAllowed } from "../../src/kube/plugin-policy.ts";
import { scratch } from "./support.ts";

const REST = { apiVersion: "v1", args: [], env: [], installHint: "", interactiveMode: "Never" };

/** `run` or the message. One `aws` is in PATH, another is outside. */
async function outcome(kuberc: string | undefined, command: string): Promise<string> {
  const folder = scratch();
  for (const place of ["bin", "other"]) {
    mkdirSync(join(folder, place));
    writeFileSync(join(folder, place, "aws"), "#!/bin/sh\n", { mode: 0o755 });
  }
  const file = join(folder, "kuberc");
  if (kuberc !== undefined) writeFileSync(file, kuberc.replaceAll("FOLDER", folder));
  const exec = { ...REST, clusterInfo: "withheld" as const, command: command.replace("FOLDER", folder) };
  try {
    await requireAllowed(exec, { KUBERC: file, PATH: join(folder, "bin") });
    return "run";
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.message.replaceAll(`${folder}/`, "");
  }
}

const LIST = (name: string) =>
  `credentialPluginPolicy: Allowlist\ncredentialPluginAllowlist: [{ name: ${name} }]\n`;
const refused = (command: string, policy: string) =>
  `The credential plugin ${command} of the kubeconfig may not be run: kuberc has credentialPluginPolicy: ${policy}.`;

test.each<[string, string | undefined, string, string]>([
  ["no preferences", undefined, "aws", "run"],
  ["none about plugins", "kind: Preference\n", "aws", "run"],
  ["all", "credentialPluginPolicy: AllowAll\n", "aws", "run"],
  ["none", "credentialPluginPolicy: DenyAll\n", "aws", refused("aws", "DenyAll")],
  ["none, whatever is listed", LIST("aws").replace("Allowlist", "DenyAll"), "aws", refused("aws", "DenyAll")],
  ["one that is listed", LIST("aws"), "aws", "run"],
  ["one that is listed by its path", LIST("FOLDER/bin/aws"), "aws", "run"],
  ["a path to one that is listed", LIST("aws"), "FOLDER/bin/aws", "run"],
  ["another of the same name", LIST("aws"), "FOLDER/other/aws", refused("other/aws", "Allowlist")],
  ["one that is not there", LIST("gke"), "gke", refused("gke", "Allowlist")],
  ["a policy of another kubectl", "credentialPluginPolicy: Ask\n", "aws", refused("aws", "Ask")],
  ["no YAML", "a: [", "aws", "kuberc is no YAML, so no plugin is run."],
])("%s", async (_what, kuberc, command, expected) => {
  expect(await outcome(kuberc, command)).toBe(expected);
});
