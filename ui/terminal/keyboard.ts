/** The part of a terminal's input that is needed. */
export interface TerminalInput {
  readonly isTTY?: boolean | undefined;
  setRawMode?(raw: boolean): unknown;
}

/**
 * Takes the keys one by one, unechoed, or says that this input cannot: no terminal, or one that is gone (EIO). ink throws on
 * such an input, so it is only given one that passed here.
 */
export function takeKeys(input: TerminalInput): "taken" | "none" {
  if (input.isTTY !== true || typeof input.setRawMode !== "function") return "none";
  try {
    // libuv does nothing where it believes the mode is set already; a shell may have changed it meanwhile (SIGCONT).
    input.setRawMode(false);
    input.setRawMode(true);
    return "taken";
  } catch {
    return "none";
  }
}

/** Gives the keys back, line by line and echoed, as far as there is still somebody to give them to. */
export function giveKeysBack(input: TerminalInput): void {
  if (input.isTTY !== true || typeof input.setRawMode !== "function") return;
  try {
    input.setRawMode(false);
  } catch {
    // The terminal is gone.
  }
}
