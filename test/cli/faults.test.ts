import { EventEmitter } from "node:events";
import { describe, expect, onTestFinished, test } from "vitest";
import { createFaults } from "../../src/cli/up/faults.ts";
import { listenForStop } from "../../src/cli/up/stop.ts";
import type { Problem } from "../../src/model/problem.ts";

describe("an exception that nobody has caught", () => {
  function listening() {
    const program = new EventEmitter();
    const requests = listenForStop(program as NodeJS.EventEmitter);
    onTestFinished(requests.close);
    return { program, requests };
  }

  test.each(["uncaughtException", "unhandledRejection"])("%s ends what has not begun", async (event) => {
    const { program, requests } = listening();
    program.emit(event, new Error("no start"));
    expect(await requests.first).toMatchObject({ exitCode: 2, error: { message: "no start" } });
  });

  test.each([
    "uncaughtException",
    "unhandledRejection",
  ])("%s is told of, and ends nothing that runs", (event) => {
    const { program, requests } = listening();
    const faults: unknown[] = [];
    requests.outlive((fault) => faults.push(fault));
    program.emit(event, new Error("one request"));
    program.emit(event, "no error at all");
    expect(faults).toEqual([new Error("one request"), "no error at all"]);
    expect(requests.isRequested()).toBe(false);
  });

  test("where nobody can be told any more it ends", async () => {
    const { program, requests } = listening();
    requests.outlive(() => {
      throw new Error("no output");
    });
    program.emit("uncaughtException", new Error("one request"));
    expect(await requests.first).toMatchObject({ exitCode: 2, error: { message: "one request" } });
  });
});

test("each kind of fault is one problem, with its place, and asks to be reported", () => {
  let problems: readonly Problem[] = [];
  const tell = createFaults((found) => {
    problems = found;
  });
  const faulty = () => new TypeError("socket.setTimeout is not a function");
  for (let i = 0; i < 3; i++) tell(faulty());
  tell("a text");
  expect(problems).toMatchObject([
    {
      code: "internal",
      level: "error",
      message: expect.stringMatching(
        /\(TypeError: socket\.setTimeout is not a function\)\nat faulty \(.*faults\.test\.ts:\d+:\d+\)/,
      ),
      fix: expect.stringContaining("Please report it"),
    },
    { message: expect.stringMatching(/\(a text\)$/) },
  ]);
  for (let i = 0; i < 100; i++) tell(new Error(String(i)));
  expect(problems).toHaveLength(20);
});
