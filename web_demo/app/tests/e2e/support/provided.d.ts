import type { ModelAt } from "./house.ts";

declare module "vitest" {
  // Merged with Vitest's own, which only an interface can be.
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions
  export interface ProvidedContext {
    /** Port of the hotline that all files share. */
    house: number;
    model: ModelAt;
  }
}
