// One store for each voice: it hears every event of it, whichever parts of the page are shown.

import { createStore, type StoreApi } from "zustand/vanilla";

import type { Voice } from "../voice/contract";
import { reduce } from "./reduce";
import { nothingYet, type CallView } from "./view";

export type CallStore = StoreApi<CallView>;

const stores = new WeakMap<Voice, CallStore>();

export function storeOf(voice: Voice): CallStore {
  const known = stores.get(voice);
  if (known) return known;
  const store = createStore<CallView>(nothingYet);
  voice.subscribe((event) => store.setState((view) => reduce(view, event, Date.now()), true));
  stores.set(voice, store);
  return store;
}
