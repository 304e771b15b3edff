import { expect, test } from "vitest";
import type { Share } from "../../src/model/route/action.ts";
import { shareByWeight } from "../../src/step/action/weight.ts";

function share(service: string, weight: number): Share {
  return { backend: { namespace: "default", service, port: { number: 80 } }, weight };
}

test.each([
  // weights, draws, services
  [[1], [0, 0.999], "a a"],
  [[80, 20], [0, 0.199, 0.2, 0.999], "b b a a"],
  [[1, 1, 2], [0, 0.499, 0.5, 0.749, 0.75, 0.999], "c c b b a a"],
  [[-50, 150], [0, 0.999], "b b"],
  [[105, -5], [0, 0.999], "a a"],
  [[0, 0], [0, 0.999], "a a"],
])("weights %j, draws %j: %s", (weights, draws, services) => {
  const [first = 0, ...rest] = weights;
  const others = rest.map((weight, at) => share("bc".charAt(at), weight));
  const chosen = draws.map((draw) => shareByWeight([share("a", first), ...others], draw).backend.service);
  expect(chosen.join(" ")).toBe(services);
});
