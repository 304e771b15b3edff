import { expect, test } from "vitest";
import { CONTROLLERS } from "../../src/compile/controllers.ts";
import { runHere } from "./in-process.ts";

test.each([
  // command line                     what was meant
  ["upp", "Unknown command 'upp'.\n  Did you mean up?"],
  ["deploy", "Unknown command 'deploy'.\n  See ingress-dev --help."],
  ["up --htp-port 1", "Unknown option '--htp-port'.\n  Did you mean --http-port? See ingress-dev up --help."],
  ["certs list --context minikube", "Unknown option '--context'.\n  See ingress-dev certs --help."],
  ["up --http-port", "Option '--http-port <N>' argument missing.\n  See ingress-dev up --help."],
  ["explain", "Missing required argument 'URL'.\n  See ingress-dev explain --help."],
  ["hosts", "hosts needs a command of its own.\n  See ingress-dev hosts --help."],
  ["hosts lst", "Unknown command 'lst'.\n  Did you mean list? See ingress-dev hosts --help."],
  ["certs trust", "Unknown command 'trust'.\n  See ingress-dev certs --help."],
  ["hosts list more", "Too many arguments"],
])("%s → %s", async (line, error) => {
  const { code, stdout, stderr } = await runHere(line.split(" "));
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toContain(`error: ${error}`);
});

test.each([
  ["", "Usage: ingress-dev [options] [command]"],
  ["--help", "Exit status: 0 done; 1 the answer is no; 2 usage or environment."],
  ["help up", "helm template . | ingress-dev up -"],
  ["up --help", " --no-echo INGRESS_DEV_NO_ECHO noEcho\n"],
  ["explain --help", "ingress-dev explain https://www.basic-ssl.com/ k8s/"],
  ["routes -h", "ingress-dev routes k8s/ --no-echo"],
  ["hosts --help", "sudo ingress-dev hosts clean"],
  ["certs --help", "| kubectl apply -f -"],
  ["--version", "1.2.3\n"],
])("%j prints: %s", async (line, text) => {
  const { code, stdout, stderr } = await runHere(line.split(" ").filter((word) => word !== ""));
  expect([code, stderr]).toEqual([0, ""]);
  // Columns are as wide as the longest option.
  expect(stdout.replaceAll(/ +/g, " ")).toContain(text);
});

test.each(CONTROLLERS)("the help of --controller names $name", async ({ name, summary }) => {
  const { stdout } = await runHere(["up", "--help"]);
  expect(stdout.replaceAll(/\s+/g, " ")).toContain(`${name} (${summary})`);
});

test("a misspelt variable is named on standard error, and nothing stops for it", async () => {
  const input = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";
  const { code, stderr } = await runHere(["routes", "-"], { input, env: { INGRESS_DEV_HTTPPORT: "1" } });
  expect(code).toBe(0);
  expect(stderr).toContain(
    "warning: INGRESS_DEV_HTTPPORT is no variable of ingress-dev. Did you mean INGRESS_DEV_HTTP_PORT?",
  );
});
