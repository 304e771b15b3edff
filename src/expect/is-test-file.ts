/** The first line that `test --init` writes, or the one for editors. */
const FIRST_LINE = /^\uFEFF?#[^\n]*(?:ingress-dev test file|yaml-language-server:[^\n]*ingress-dev)/;
const TESTS = /^tests:/m;
const KUBERNETES = /^["']?(?:apiVersion|kind)["']?:/m;

export function isTestFileName(path: string): boolean {
  return /\.test\.ya?ml$/i.test(path);
}

/** A file of requests and expectations: no manifest, although it may lie among them. */
export function isTestFile(path: string, text: string): boolean {
  return FIRST_LINE.test(text) || (isTestFileName(path) && TESTS.test(text) && !KUBERNETES.test(text));
}
