import { expect, test } from "vitest";
import { userDataFolder } from "../../certs/folder.ts";

test.each([
  // platform       environment                       home             folder
  ["linux", {}, "/home/me", "/home/me/.local/share/ingress-dev/certs"],
  ["linux", { XDG_DATA_HOME: "/data" }, "/home/me", "/data/ingress-dev/certs"],
  ["linux", { XDG_DATA_HOME: "data" }, "/home/me", "/home/me/.local/share/ingress-dev/certs"],
  ["freebsd", { XDG_DATA_HOME: "" }, "/home/me", "/home/me/.local/share/ingress-dev/certs"],
  [
    "darwin",
    { XDG_DATA_HOME: "/data" },
    "/Users/me",
    "/Users/me/Library/Application Support/ingress-dev/certs",
  ],
  ["win32", { LOCALAPPDATA: "C:\\L" }, "C:\\Users\\me", "C:\\L\\ingress-dev\\certs"],
  ["win32", {}, "C:\\Users\\me", "C:\\Users\\me\\AppData\\Local\\ingress-dev\\certs"],
] as const)("on %s with %j and home %s: %s", (platform, env, home, folder) => {
  expect(userDataFolder(env, platform, home)).toBe(folder);
});
