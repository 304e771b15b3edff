import { connect } from "node:net";
import { type Running, startNginx, type Workshop } from "./nginx.ts";
import { openWire } from "./wire.ts";

/** PCRE's result on a subject: groups 1 to 9 (empty if unset), or a failure. */
export type Verdict = readonly string[] | "no match" | "match limit";

/** An nginx with one location per pattern. */
export type PcreServer =
  | {
      readonly kind: "running";
      match(pattern: number, subject: string): Promise<Verdict>;
      close(): Promise<void>;
    }
  | Extract<Running, { kind: "refused" }>;

const GROUPS = [1, 2, 3, 4, 5, 6, 7, 8, 9];
const SEPARATOR = "\x1f";

/** Starts an nginx that matches subjects (leading slash, no NUL) by the index of a pattern. */
export async function openPcre(patterns: readonly string[], workshop: Workshop): Promise<PcreServer> {
  const nginx = await startNginx(pcreConfiguration(patterns, workshop), workshop);
  if (nginx.kind === "refused") return nginx;
  const wire = openWire(() => connect(workshop.http));
  return {
    kind: "running",
    match: async (pattern, subject) => {
      const target = `/${subject.slice(1).replace(/./gs, escaped)}`;
      const answer = await wire.ask(`GET ${target} HTTP/1.1\r\nHost: p${pattern}.test\r\n\r\n`, "GET");
      if (answer?.status === 500) return "match limit";
      if (answer?.status === 404) return "no match";
      if (answer?.status !== 200)
        throw new Error(`${JSON.stringify(subject)} was answered ${answer?.status}`);
      return answer.body.split(SEPARATOR);
    },
    close: async () => {
      wire.close();
      await nginx.stop();
    },
  };
}

function escaped(char: string): string {
  return `%${char.charCodeAt(0).toString(16).padStart(2, "0")}`;
}

/** One server per pattern (`p0.test` …) that answers with its location's groups. */
export function pcreConfiguration(patterns: readonly string[], { folder, http, https }: Workshop): string {
  const groups = GROUPS.map((group) => `$${group}`).join(SEPARATOR);
  const servers = patterns.map(
    (pattern, index) => `server {
    listen unix:${http};
    server_name p${index}.test;
    location ~* "${inQuotes(pattern)}" { return 200 "${groups}"; }
    location / { return 404; }
  }`,
  );
  return `
daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log stderr emerg;
events {}
http {
  access_log off;
  merge_slashes off;
  server_names_hash_max_size 8192;
  ${["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${folder}/${name};`).join("\n  ")}
  server { listen unix:${https}; }
  ${servers.join("\n  ")}
}
`;
}

function inQuotes(pattern: string): string {
  return pattern.replace(/[\\"]/g, "\\$&");
}
