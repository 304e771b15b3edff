/**
 * Sets of `given.json` with different answers here, and the reasons. Snippets are in `docs/annotations.md`;
 * other reasons concern only the laboratory.
 */
export const DIFFERENCES: ReadonlyMap<string, string> = new Map([
  ["auth-url-name", "a name that only the laboratory resolves"],
  ["auth-cache", "the laboratory's authentication service had counted before"],
  ["cm-block-cidrs", "asked from an address that only the laboratory has"],
  ["body-size-default", "the answer behind 100 Continue is recorded with its Date and the pod's address"],
  ["snippet-allowed", "snippets are never executed"],
  ["cm-gzip", "a compressed body of the laboratory's own pod"],
  ["external-name-dns", "a name that only the laboratory resolves"],
  ["external-name-no-ports", "a name that only the laboratory resolves"],
  ["external-name-bad", "a name that only the laboratory resolves"],
  ["external-name-vhost", "a name that only the laboratory resolves"],
  ["au-svc-name", "a name that only the laboratory resolves"],
]);
