/**
 * Files as one stream of documents. One file is as it is; of several each begins with `# Source: FILE`, as in the output
 * of `helm template`.
 */
export function joinedManifests(files: readonly { readonly file: string; readonly text: string }[]): string {
  const [only, ...others] = files;
  if (only === undefined) return "";
  if (others.length === 0) return only.text;
  return files
    .map(({ file, text }) => {
      // A byte order mark may stand only at the start of a stream.
      const body = text.replace(/^\uFEFF/, "");
      // A directive (%YAML 1.2) begins a document, so that none may be open before it.
      const start = /^(?:#.*\r?\n|\s*\r?\n)*%/.test(body) ? "..." : "---";
      return `${start}\n# Source: ${file.replaceAll(/\s/g, " ")}\n${/\n$|^$/.test(body) ? body : `${body}\n`}`;
    })
    .join("");
}
