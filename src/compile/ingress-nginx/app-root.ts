import type { Feature } from "./annotations.ts";
import { PATH_WITH_CAPTURES } from "./rewrite-target.ts";

const WHAT = "a path that begins with a slash";

/** `app-root` (annotations/rewrite/main.go): a URL or a relative path is dropped there. */
export const appRoot: Feature = {
  annotations: ["app-root"],
  apply: (annotations, settings) => {
    const value = annotations.text("app-root", {
      pattern: PATH_WITH_CAPTURES,
      what: WHAT,
      otherwise: "use-default",
    });
    if (value === undefined || value.startsWith("/")) return { ...settings, appRoot: value };
    annotations.reject("app-root", value, WHAT, "use-default");
    return settings;
  },
};
