export interface TerminalInput {
  readonly isTTY?: boolean | undefined;
  setRawMode?(raw: boolean): unknown;
}

/**
 * Takes the keys one by one, without echo. Returns `none` for an input that cannot: no terminal, or one that is gone
 * (EIO). ink throws on such an input, so it only gets one that passed here.
 */
export function takeKeys(input: TerminalInput): "taken" | "none" {
  if (input.isTTY !== true || typeof input.setRawMode !== "function") return "none";
  try {
    // libuv does nothing when it assumes that the mode is set; a shell may have changed it meanwhile (SIGCONT).
    input.setRawMode(false);
    input.setRawMode(true);
    return "taken";
  } catch {
    return "none";
  }
}

/** Gives the keys back, by lines and with echo, unless the terminal is gone. */
export function giveKeysBack(input: TerminalInput): void {
  if (input.isTTY !== true || typeof input.setRawMode !== "function") return;
  try {
    input.setRawMode(false);
  } catch {
    // The terminal is gone.
  }
}
