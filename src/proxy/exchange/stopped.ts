/** Given up because the proxy stops: no fault of anybody's. */
export class ProxyStopped extends Error {
  override readonly name = "ProxyStopped";

  constructor() {
    super("the proxy has stopped");
  }
}
