import type { BenchOptions } from "./bench.ts";
import { benchCompile } from "./groups/compile.ts";
import { benchControllers } from "./groups/controllers.ts";
import { benchDashboard } from "./groups/dashboard.ts";
import { benchEcho } from "./groups/echo.ts";
import { benchLatency } from "./groups/latency.ts";
import { benchMatch } from "./groups/match.ts";
import { benchMemory } from "./groups/memory.ts";
import { benchPortForward } from "./groups/port-forward.ts";
import { benchReload } from "./groups/reload.ts";
import { benchRequests } from "./groups/request.ts";
import { benchSelect } from "./groups/select.ts";
import { benchSize } from "./groups/size.ts";
import { benchStart } from "./groups/start.ts";

/** By the names that `npm run bench` takes. */
export const GROUPS: Readonly<Record<string, (options: BenchOptions) => Promise<void>>> = {
  request: benchRequests,
  latency: benchLatency,
  echo: benchEcho,
  dashboard: benchDashboard,
  reload: benchReload,
  memory: benchMemory,
  start: benchStart,
  size: benchSize,
  compile: benchCompile,
  select: benchSelect,
  match: benchMatch,
  controllers: benchControllers,
  "port-forward": benchPortForward,
};
