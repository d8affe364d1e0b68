// Who is signed in.

import { createContext, useContext } from "react";

import type { Me } from "../net/protocol";

export type SignedIn = { me: Me; reload: () => void };

export const MeContext = createContext<SignedIn | null>(null);

export function useMe(): SignedIn {
  const me = useContext(MeContext);
  if (!me) throw new Error("nobody is signed in: this part of the page belongs behind the sign-in");
  return me;
}
