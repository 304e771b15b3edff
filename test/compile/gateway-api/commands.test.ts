import { expect, test } from "vitest";
import { GATEWAY, route, TO_WEB, worldOf } from "./gateway-world.ts";

const HEAD = "GET / HTTP/1.1\r\nHost: a.test";

// Asked of Envoy 1.40 (--mode validate).
test.each([
  ["%%", undefined],
  ["%REQ(X)%-%REQ(X?Y):3%", undefined],
  ["%PROTOCOL%%%", undefined],
  ["%START_TIME(%s)%", undefined],
  ["%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%", undefined],
  ["100%", "Incorrect configuration: 100%. Couldn't find valid command at position 3"],
  ["%PROTOCOL%%", "Incorrect configuration: %PROTOCOL%%. Couldn't find valid command at position 10"],
  ["%req(x)%", "Incorrect configuration: %req(x)%. Couldn't find valid command at position 0"],
  ["%REQ(X):a%", "Incorrect configuration: %REQ(X):a%. Couldn't find valid command at position 0"],
  ["%FOO%", "Not supported field in StreamInfo: FOO"],
  ["%REQ()%", "REQ requires parameters"],
  ["%PROTOCOL(x)%", "PROTOCOL does not take any parameters or length"],
  ["%BYTES_SENT:4%", "BYTES_SENT does not take any parameters or length"],
])("Envoy reads a header's value, or refuses the routes of the port: %s", (value, why) => {
  const filter = `{ type: RequestHeaderModifier, requestHeaderModifier: { set: [{ name: x, value: "${value}" }] } }`;
  const { ask, problems } = worldOf([GATEWAY, route(`{ filters: [${filter}], ${TO_WEB} }`)]);
  expect(ask(HEAD).kind).toBe(why === undefined ? "forward" : "respond");
  const [first] = problems;
  expect(first?.code).toBe(why && "controller-stops");
  if (why !== undefined) expect(first?.message).toContain(`(${why})`);
});
