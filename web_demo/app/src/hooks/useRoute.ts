// The page's address as state. A call goes on while another part of the page is shown.

import { useSyncExternalStore } from "react";

import { routeOf, type Route } from "../state/route";

const CHANGED = "cymbol:navigated";

export function navigate(path: string): void {
  history.pushState(null, "", path);
  dispatchEvent(new Event(CHANGED));
  scrollTo(0, 0);
}

/** Another query of the same page: nothing to go back to. */
export function replaceQuery(query: string): void {
  history.replaceState(null, "", location.pathname + query);
  dispatchEvent(new Event(CHANGED));
}

function subscribe(changed: () => void): () => void {
  addEventListener("popstate", changed);
  addEventListener(CHANGED, changed);
  return () => {
    removeEventListener("popstate", changed);
    removeEventListener(CHANGED, changed);
  };
}

export function useRoute(): Route {
  return routeOf(useSyncExternalStore(subscribe, () => location.pathname));
}

export function useQuery(): URLSearchParams {
  return new URLSearchParams(useSyncExternalStore(subscribe, () => location.search));
}
