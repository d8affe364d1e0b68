import type { ModelAt } from "./house.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** Port of the hotline that all files share. */
    house: number;
    model: ModelAt;
  }
}
