/** Rows that Traefik answers otherwise here than there, with what is missing. They are not on the page. */
export const UNHELD: ReadonlyMap<number, string> = new Map();

/** Rows of which `diff` says nothing, with the reason. */
export const NOT_SHOWN: ReadonlyMap<number, string> = new Map([
  [64, "shares are the same; who gets which request is chance"],
]);

/** Requests that rows show beside others, and that both controllers answer alike. */
export const ALIKE: ReadonlySet<string> = new Set([
  "http://ann.test/",
  "http://app.test/foo",
  "http://path.test/only/x",
  "http://smallbuf.test/",
]);
