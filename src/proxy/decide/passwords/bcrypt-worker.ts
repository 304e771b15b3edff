import { parentPort } from "node:worker_threads";
import { compareSync } from "bcryptjs";

// The program of the thread: takes a password and a hash, and says whether they fit. Answers have their question's id.
parentPort?.on("message", ([id, password, hash]: [number, string, string]) => {
  parentPort?.postMessage([id, compareSync(password, hash)]);
});
