import { join } from "node:path";
import { expect, test } from "vitest";
import { runHere } from "../in-process.ts";

const example = join(import.meta.dirname, "..", "..", "..", "examples", "rewrite");

test("check names a request that shows what becomes of the path, in text and in JSON", async () => {
  const text = await runHere(["check", example]);
  expect(text.stdout).toMatch(
    /rewrite-drops-path .*http:\/\/alicek106\.example\.com\/echo-hostname\/users\/7/,
  );
  const json = await runHere(["check", example, "-o", "json"]);
  const { problems } = JSON.parse(json.stdout) as { problems: readonly Record<string, unknown>[] };
  const found = problems.find(({ code }) => code === "rewrite-drops-path");
  expect(found).toMatchObject({
    level: "warning",
    object: { kind: "Ingress", namespace: "default", name: "ingress-example" },
    field: "spec.rules[0].http.paths[0].path",
    line: expect.any(Number),
    column: expect.any(Number),
    witness: "http://alicek106.example.com/echo-hostname/users/7",
  });
});

test("explain says of the witness what the finding says", async () => {
  const url = "http://alicek106.example.com/echo-hostname/users/7";
  const { stdout } = await runHere(["explain", url, "-o", "json", "-f", example]);
  expect(JSON.parse(stdout)).toMatchObject({ decision: "forward", upstreamPath: "/" });
});

test("warnings alone leave the exit status 0", async () => {
  expect(await runHere(["check", example])).toMatchObject({ code: 0, stderr: "" });
});
