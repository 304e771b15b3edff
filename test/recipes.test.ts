import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { createProgram } from "../src/cli/program.ts";
import type { Surroundings } from "../src/cli/surroundings.ts";
import { MAIN } from "./support/built.ts";

const ROOT = join(import.meta.dirname, "..");
const PAGE = readFileSync(join(ROOT, "docs", "recipes.md"), "utf8");

/** The blocks of the page, by their first comment or in their order. */
const BLOCKS = [...PAGE.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, form = "", text = ""]) => ({
  form,
  text,
}));

function blockNamed(name: string): string {
  const found = BLOCKS.find(({ text }) => text.includes(`# ${name}`));
  if (found === undefined) throw new Error(`no block of docs/recipes.md is ${name}`);
  return found.text;
}

let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ingress-dev-recipes-"));
  mkdirSync(join(folder, "bin"));
  writeFileSync(join(folder, "bin", "ingress-dev"), `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n`);
  chmodSync(join(folder, "bin", "ingress-dev"), 0o755);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Runs shell text as a job does: it ends at the first command that fails. */
async function shell(text: string, cwd: string, env: Record<string, string> = {}): Promise<Ended> {
  const child = spawn("sh", ["-e", "-c", text.replaceAll("npx --yes ingress-dev@latest", "ingress-dev")], {
    cwd,
    env: {
      PATH: `${join(folder, "bin")}:${process.env.PATH}`,
      ...{ HOME: join(folder, "home"), INGRESS_DEV_CERTS_DIR: join(folder, "certs"), NO_COLOR: "1" },
      ...{ GIT_AUTHOR_NAME: "a", GIT_AUTHOR_EMAIL: "a@a.test" },
      ...{ GIT_COMMITTER_NAME: "a", GIT_COMMITTER_EMAIL: "a@a.test" },
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => chunks.push(String(chunk)));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, output: chunks.join("") };
}

/** A repository with manifests and, from its second commit on, an Ingress more. */
async function repository(name: string, holds: "manifests" | "manifests and a test file"): Promise<string> {
  const path = join(folder, name);
  mkdirSync(join(path, "k8s"), { recursive: true });
  cpSync(join(ROOT, "examples", "two-hosts", "hello-ingress.yaml"), join(path, "k8s", "hello-ingress.yaml"));
  const init = holds === "manifests" ? "" : "ingress-dev test --init k8s/\n";
  const first = await shell(`${init}git init -q -b main .\ngit add -A\ngit commit -q -m first`, path);
  expect(first, first.output).toMatchObject({ code: 0 });
  writeFileSync(join(path, "k8s", "more.yaml"), MORE);
  const second = await shell("git add -A\ngit commit -q -m second", path);
  expect(second, second.output).toMatchObject({ code: 0 });
  return path;
}

const MORE = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: more }
spec:
  ingressClassName: nginx
  rules:
    - host: more.sample.com
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: more, port: { number: 80 } } } }] }
`;

test("every block is YAML or shell, and every command and option of the page exists", async () => {
  for (const { form, text } of BLOCKS) {
    expect(["yaml", "sh"]).toContain(form);
    if (form === "yaml") expect(parse(text), text).toBeTypeOf("object");
    else await promisify(execFile)("sh", ["-n", "-c", text]);
  }
  const { commands } = createProgram({ version: "1.2.3" } as Surroundings, () => {}, undefined);
  const lines = [...PAGE.matchAll(/ingress-dev(?:@latest)? ([a-z]+)([^`\n|>&]*)/g)];
  expect(lines.length).toBeGreaterThan(15);
  for (const [line, name, words = ""] of lines) {
    const command = commands.find((each) => each.name() === name);
    // "ingress-dev repository" is prose.
    if (name === "repository") continue;
    expect(command, line).toBeDefined();
    const known = command?.options.flatMap(({ long, short }) => [long, short]) ?? [];
    for (const [option] of words.matchAll(/(?<=\s)--?[a-z][a-z-]*/g))
      expect([...known, "--help"], line).toContain(option);
  }
});

test("the GitHub workflow checks, tests and shows what changes", async () => {
  const path = await repository("github", "manifests and a test file");
  const workflow = parse(blockNamed(".github/workflows/ingress.yaml"));
  const steps: readonly { run?: string; uses?: string }[] = workflow.jobs.ingress.steps;
  const runs = steps.flatMap(({ run }) => (run === undefined ? [] : [run]));
  const ours = runs.filter((run) => run.includes("ingress-dev"));
  // The other one is GitHub's own program.
  expect(runs.filter((run) => !ours.includes(run))).toEqual([expect.stringMatching(/^gh pr comment /)]);
  const [BASE = ""] = (await shell("git rev-parse HEAD~1", path)).output.split("\n");
  const GITHUB_STEP_SUMMARY = join(path, "summary.md");
  for (const run of ours) {
    const ended = await shell(run, path, { BASE, GITHUB_STEP_SUMMARY });
    expect(ended, `${run}\n${ended.output}`).toMatchObject({ code: 0 });
  }
  expect(readFileSync(GITHUB_STEP_SUMMARY, "utf8")).toContain("more.sample.com");
  writeFileSync(join(path, "k8s", "more.yaml"), MORE.replace("pathType: Prefix", "pathType: Beginning"));
  const refused = await shell(ours[0] ?? "", path);
  expect(refused.code).toBe(1);
  expect(refused.output).toMatch(/^::error .*file=k8s\/more\.yaml/m);
});

test("the GitLab job writes a report of its tests", async () => {
  const path = await repository("gitlab", "manifests and a test file");
  const { script, artifacts } = parse(blockNamed(".gitlab-ci.yml")).ingress;
  const [base = ""] = (await shell("git rev-parse HEAD~1", path)).output.split("\n");
  const ended = await shell(script.join("\n"), path, { CI_MERGE_REQUEST_DIFF_BASE_SHA: base });
  expect(ended, ended.output).toMatchObject({ code: 0 });
  expect(readFileSync(join(path, artifacts.reports.junit), "utf8")).toContain("<testsuites ");
  for (const file of artifacts.paths)
    expect(readFileSync(join(path, file), "utf8")).toContain("more.sample.com");
});

test("the hooks for pre-commit are there, and do as they say", async () => {
  const path = await repository("pre-commit", "manifests and a test file");
  const hooks: readonly { id: string; entry: string }[] = parse(
    readFileSync(join(ROOT, ".pre-commit-hooks.yaml"), "utf8"),
  );
  const { repos } = parse(blockNamed(".pre-commit-config.yaml"));
  const used: readonly { id: string; args?: string[] }[] = repos[0].hooks;
  expect(used.map(({ id }) => id)).toEqual(hooks.map(({ id }) => id));
  for (const { id, args = [] } of used) {
    const entry = hooks.find((hook) => hook.id === id)?.entry;
    const ended = await shell([entry, ...args].join(" "), path);
    expect(ended, ended.output).toMatchObject({ code: 0 });
  }
});

test("the plain hook looks at what is staged", async () => {
  const path = await repository("hook", "manifests and a test file");
  const hook = join(path, ".git", "hooks", "pre-commit");
  writeFileSync(hook, blockNamed(".git/hooks/pre-commit"));
  chmodSync(hook, 0o755);
  const more = join(path, "k8s", "more.yaml");
  const bad = MORE.replace("pathType: Prefix", "pathType: Beginning");
  const commit = async (staged: string, left: string) => {
    writeFileSync(more, staged);
    await shell("git add -A", path);
    writeFileSync(more, left);
    return shell("git commit -q -m next", path);
  };
  const refused = await commit(bad, MORE);
  expect(refused.code, refused.output).not.toBe(0);
  expect(refused.output).toContain('Unsupported value: "Beginning"');
  const taken = await commit(MORE.replaceAll("more", "others"), bad);
  expect(taken, taken.output).toMatchObject({ code: 0 });
  writeFileSync(more, MORE);
  writeFileSync(join(path, "k8s", "hello-ingress.yaml"), MORE.replaceAll("more", "last"));
  const failed = await shell("git add -A\ngit commit -q -m next", path);
  expect(failed.code, failed.output).not.toBe(0);
  expect(failed.output).toMatch(/\d+ failed/);
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}

test("the migration: check, test --init, diff, and verify against the running stand-in", async () => {
  const path = await repository("migration", "manifests");
  const from = PAGE.indexOf("## Move to another controller");
  const blocks = BLOCKS.filter(({ text }) => PAGE.indexOf(text) > from).map(({ text }) => text);
  expect(blocks).toHaveLength(3);
  const [http, https] = [await freePort(), await freePort()];
  const text = blocks
    .join("\n")
    .replace("--http-port 31000 --https-port 32000", `--http-port ${http} --https-port ${https}`);
  const ended = await shell(text, path, {
    INGRESS_DEV_HTTP_PORT: String(http),
    INGRESS_DEV_HTTPS_PORT: String(https),
  });
  expect(ended, ended.output).toMatchObject({ code: 0 });
  expect(ended.output).toContain("because Ingress default/hello-ingress sets rewrite-target");
  expect(ended.output).toMatch(/No differences in \d+ requests/);
});
