import { expect, test } from "vitest";
import { curlAdvice, sudoCommand } from "../../src/hosts/advice.ts";

test("curl without hosts entries, each host once, a wildcard by a name it covers", () =>
  expect(
    curlAdvice(["www.basic1.com", "*.basic2.com", "www.basic2.com", "a b", ""], { http: 31000 }),
  ).toEqual([
    "curl --resolve www.basic1.com:31000:127.0.0.1 http://www.basic1.com:31000/",
    "curl --resolve www.basic2.com:31000:127.0.0.1 http://www.basic2.com:31000/",
  ]));

test("one sync with privileges, for the process that asks", () =>
  expect(
    sudoCommand({
      program: ["/opt/node", "/opt/main.js"],
      file: "/etc/hosts",
      owner: { pid: 4711, started: "8130", boot: "b-1" },
      hosts: ["www.basic1.com"],
    }).join(" "),
  ).toBe(
    "sudo -- /opt/node /opt/main.js hosts sync --hosts-file /etc/hosts --owner 4711:8130:b-1 -- www.basic1.com",
  ));
