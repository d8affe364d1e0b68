export {};

declare module "vitest" {
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- merged with vitest's own
  export interface ProvidedContext {
    /** The peer's port on 127.0.0.1. */
    peer: number;
  }
}
