import type { Plane } from "../../model/plane.ts";
import type { Problem } from "../../model/problem.ts";
import { nginxPlane } from "../../plane/nginx.ts";
import { query } from "../query.ts";
import { judgeDefaults } from "./config-map/judged-defaults.ts";
import { type ControllerConfig, controllerConfig } from "./config-map.ts";
import { defaultBackendService, flagProblems } from "./flags.ts";
import { worldUnder } from "./world.ts";

/** The controller's options without invalid defaults of annotations, and what is wrong with options and flags. */
interface JudgedConfig {
  readonly config: ControllerConfig;
  readonly problems: readonly Problem[];
}

export const CONFIG = query<undefined, JudgedConfig>("options", (_, ask) => {
  const config = controllerConfig(ask);
  const world = worldUnder(config, ask);
  const { annotationDefaults, problems } = judgeDefaults(world);
  const ownDefault = { ...config.ownDefault, backend: defaultBackendService(world) };
  return {
    config: { ...config, annotationDefaults, ownDefault },
    problems: [...flagProblems(world), ...config.problems, ...problems],
  };
});

export const PLANE = query<undefined, Plane>("plane", (_, ask) =>
  nginxPlane(ask.for(CONFIG).config.options.client),
);
