declare module "hostile" {
  const hostile: { readonly HOSTS: string };
  export default hostile;
}
