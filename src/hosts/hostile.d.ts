declare module "hostile" {
  /** Where the system keeps its hosts file. */
  export const HOSTS: string;
}
