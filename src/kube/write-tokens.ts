import { open, readFile, realpath, rm } from "node:fs/promises";
import { type Document, isScalar, isSeq, parseDocument } from "yaml";
import { replaceWhole } from "../replace-whole.ts";
import type { ProviderConfig } from "./entries.ts";

const REFRESH = "refresh-token";

/** Places of the tokens of every user with this refresh token; several may share a login. */
function placesOf(document: Document, refreshToken: string): readonly (readonly (string | number)[])[] {
  const users: unknown = document.get("users");
  const count = isSeq(users) ? users.items.length : 0;
  return Array.from({ length: count }, (_, at) => ["users", at, "user", "auth-provider", "config"]).filter(
    (config) => document.getIn([...config, REFRESH]) === refreshToken,
  );
}

/** The text with other tokens for a refresh token; every other byte stays. */
function withTokens(text: string, refreshToken: string, tokens: ProviderConfig): string {
  const document = parseDocument(text);
  const edits = placesOf(document, refreshToken).flatMap((config) =>
    ["id-token", REFRESH].flatMap((key) => {
      const node = document.getIn([...config, key], true);
      if (!isScalar(node) || !node.range) return [];
      return [{ from: node.range[0], to: node.range[1], value: JSON.stringify(tokens[key]) }];
    }),
  );
  return edits
    .sort((a, b) => b.from - a.from)
    .reduce((edited, { from, to, value }) => edited.slice(0, from) + value + edited.slice(to), text);
}

/**
 * Writes renewed tokens into a kubeconfig, as kubectl does: the provider may refuse the old refresh token from now on
 * (client-go plugin/pkg/client/auth/oidc/oidc.go, persister). Leaves a file alone that has other tokens already.
 * @throws Error for a file that another program is changing (client-go tools/clientcmd/config.go, lockFile), or that
 * cannot be written
 */
export async function writeTokens(file: string, refreshToken: string, tokens: ProviderConfig): Promise<void> {
  const lock = `${file}.lock`;
  const held = await open(lock, "wx", 0o600);
  try {
    const before = await readFile(file);
    const text = before.toString("utf8");
    const edited = withTokens(text, refreshToken, tokens);
    if (edited !== text) await replaceWhole(await realpath(file), before, edited);
  } finally {
    await held.close();
    await rm(lock, { force: true });
  }
}
