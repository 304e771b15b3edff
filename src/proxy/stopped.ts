/** What is under way when the proxy stops is given up: no fault of anybody's. */
export class ProxyStopped extends Error {
  override readonly name = "ProxyStopped";

  constructor() {
    super("the proxy has stopped");
  }
}
