import { expect, test } from "vitest";
import { describeStatus } from "../../src/cli/routes/describe-status.ts";

test("a status is printed as kubectl describes one of an unknown kind", () => {
  const status = {
    parents: [
      {
        parentRef: { name: "gw" },
        conditions: [
          { type: "Accepted", status: "False", reason: "NoMatchingParent", message: "one\ntwo\u001b[0m" },
        ],
      },
    ],
    supportedKinds: ["HTTPRoute"],
  };
  const lines = describeStatus({ object: { kind: "HTTPRoute", namespace: "default", name: "r" }, status });
  expect(lines.slice(0, 9)).toEqual([
    "Name:       r",
    "Namespace:  default",
    "Kind:       HTTPRoute",
    "Status:",
    "  Parents:",
    "    Conditions:",
    expect.stringContaining("      Message:  one\ntwo"),
    "      Reason:   NoMatchingParent",
    "      Status:   False",
  ]);
  expect(lines.slice(10)).toEqual([
    "    Parent Ref:",
    "      Name:  gw",
    "  Supported Kinds:",
    "    HTTPRoute",
  ]);
  expect(lines.join("")).not.toContain("\u001b");
});
