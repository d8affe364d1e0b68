// The list of calls: filtered, searched, page by page; while a call runs its newest page is renewed.

import { useCallback, useEffect, useState } from "react";

import type { Call } from "../net/protocol";
import { ApiError, getJson } from "../state/api";
import { useApi } from "./useApi";

type Page = { calls: Call[]; next: string | null };

const RENEW_MS = 5000;
const LIMIT = 40;
/** A search begins when the typing pauses this long. */
const PAUSE_MS = 250;

export function useCalls() {
  const [door, setDoor] = useState("");
  const [search, setSearch] = useState("");
  const wanted = useSettled(search.trim());
  const query = listQuery(door, wanted);
  const newest = useApi<Page>(query, RENEW_MS);
  const older = useOlder(query, newest.data?.next ?? null);
  const calls = merged(newest.data?.calls ?? [], older.calls);
  return {
    door,
    setDoor,
    search,
    setSearch,
    calls,
    error: newest.error ?? older.error,
    loading: newest.loading || older.loading,
    more: older.next !== null,
    loadMore: older.load,
    reload: newest.reload,
  };
}

function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

function listQuery(door: string, search: string, before = ""): string {
  const query = new URLSearchParams({ limit: String(LIMIT) });
  if (door !== "") query.set("door", door);
  if (search !== "") query.set("search", search);
  if (before !== "") query.set("before", before);
  return `/calls?${query.toString()}`;
}

type Older = { query: string; calls: Call[]; next: string | null; error: ApiError | null; loading: boolean };

/** The pages behind the newest one, for as long as the filters stay the same. */
function useOlder(query: string, first: string | null) {
  const [kept, setKept] = useState<Older | null>(null);
  const current = kept?.query === query ? kept : null;
  const next = current ? current.next : first;
  const load = useCallback(() => {
    if (next === null) return;
    const before = current?.calls ?? [];
    const asked: Older = { query, calls: before, next, error: null, loading: true };
    setKept(asked);
    getJson<Page>(`${query}&before=${encodeURIComponent(next)}`)
      .then((page) => setKept({ ...asked, calls: [...before, ...page.calls], next: page.next, loading: false }))
      .catch((error: unknown) => {
        const known = error instanceof ApiError ? error : new ApiError(0, String(error));
        setKept({ ...asked, error: known, loading: false });
      });
  }, [query, next, current]);
  return { calls: current?.calls ?? [], next, error: current?.error ?? null, loading: current?.loading ?? false, load };
}

/** Newest first; what the renewed page has pushed on stands once. */
function merged(newest: Call[], older: Call[]): Call[] {
  const known = new Set(newest.map(({ id }) => id));
  return [...newest, ...older.filter(({ id }) => !known.has(id))];
}
