declare module "hostile" {
  export const HOSTS: string;
}
