// What the server has under a path: loading, there, or refused; asked again while it changes.

import { useCallback, useEffect, useState } from "react";

import { ApiError, getJson } from "../state/api";

export type Answer<T> = { data: T | null; error: ApiError | null; loading: boolean; reload: () => void };

type Kept<T> = { path: string | null; data: T | null; error: ApiError | null };

/** How long until it is asked again; 0: not at all. A function must be the same at each rendering. */
type Refresh<T> = number | ((newest: T) => number);

/** `path` null: nothing is asked. */
export function useApi<T>(path: string | null, refresh: Refresh<T> = 0): Answer<T> {
  const [kept, setKept] = useState<Kept<T>>({ path: null, data: null, error: null });
  const [asked, setAsked] = useState(0);

  useEffect(() => {
    if (path === null) return;
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let wait = typeof refresh === "number" ? refresh : 0;
    const ask = async () => {
      try {
        const data = await getJson<T>(path, abort.signal);
        setKept({ path, data, error: null });
        if (typeof refresh === "function") wait = refresh(data);
      } catch (error) {
        if (abort.signal.aborted) return;
        const known = error instanceof ApiError ? error : new ApiError(0, String(error));
        setKept((before) => ({ path, data: before.path === path ? before.data : null, error: known }));
      }
      if (wait > 0 && !abort.signal.aborted) timer = setTimeout(() => void ask(), wait);
    };
    void ask();
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [path, refresh, asked]);

  const reload = useCallback(() => setAsked((before) => before + 1), []);
  const current = kept.path === path && path !== null;
  return {
    data: current ? kept.data : null,
    error: current ? kept.error : null,
    loading: path !== null && !current,
    reload,
  };
}
