/** A command and its expected output. */
interface Command {
  readonly line: string;
  readonly output: string;
}

export interface Section {
  readonly title: string;
  /** The oldest minor version of kubectl with this output. */
  readonly since: number;
  /** Existing objects. */
  readonly cluster: string;
  readonly files: ReadonlyMap<string, string>;
  readonly commands: readonly Command[];
}

/** Reads the sections of a Markdown text, whose first lines describe the form. */
export function readSections(markdown: string): readonly Section[] {
  return markdown
    .split(/^## /m)
    .slice(1)
    .map((text) => {
      const title = text.slice(0, text.indexOf("\n"));
      const files = new Map<string, string>();
      const commands: Command[] = [];
      for (const [, language, name = "", body = ""] of text.matchAll(/^```(\w+) ?(.*)\n([\s\S]*?)^```$/gm)) {
        if (language === "yaml") files.set(name, body);
        else commands.push(...readCommands(body));
      }
      const since = Number(/\(kubectl 1\.(\d+)\)/.exec(title)?.[1] ?? 0);
      const cluster = files.get("cluster") ?? "";
      files.delete("cluster");
      return { title, since, cluster, files, commands };
    });
}

function readCommands(body: string): readonly Command[] {
  return body
    .split(/^\$ /m)
    .slice(1)
    .map((text) => {
      const end = text.indexOf("\n");
      return { line: text.slice(0, end), output: text.slice(end + 1) };
    });
}

/** A pattern for a text in which `…` stands for any part of a line. */
export function pattern(expected: string): RegExp {
  const parts = expected.split("…").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`);
}
