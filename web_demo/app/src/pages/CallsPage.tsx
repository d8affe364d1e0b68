// The calls there were and are, phone and browser.

import { useId } from "react";

import { useCalls } from "../hooks/useCalls";
import { useMe } from "../hooks/useMe";
import { useTitle } from "../hooks/useTitle";
import { Banner } from "../ui/kit/Banner";
import { Button } from "../ui/kit/Button";
import { Select } from "../ui/kit/Fields";
import { Icon } from "../ui/kit/Icon";
import { CallRow } from "../ui/calls/CallRow";

const DOORS = [
  { value: "", label: "Phone and browser" },
  { value: "phone", label: "Phone" },
  { value: "browser", label: "Browser" },
];

export function CallsPage() {
  const found = useCalls();
  useTitle("Calls");
  const { door, setDoor, search, setSearch } = found;
  const id = useId();
  return (
    <main id="main" className="calls" tabIndex={-1}>
      <header className="calls-head">
        <h1>Calls</h1>
        <form className="calls-filters" role="search" onSubmit={(event) => event.preventDefault()}>
          <div className="field field-search">
            <label htmlFor={id} className="sr-only">
              Words of a call, or its id
            </label>
            <Icon name="search" size={18} />
            <input
              id={id}
              className="input"
              type="search"
              placeholder="Words of a call, or its id"
              value={search}
              onChange={(event) => setSearch(event.target.value)}
            />
          </div>
          <Select label="Door" value={door} options={DOORS} onChange={setDoor} />
        </form>
      </header>
      <Found found={found} />
    </main>
  );
}

function Found({ found }: { found: ReturnType<typeof useCalls> }) {
  const { calls, error, loading, more, loadMore, reload, door, search } = found;
  const { reload: signIn } = useMe();
  const filtered = door !== "" || search !== "";
  return (
    <>
      {error && (
        <Banner
          level="error"
          title={error.status === 401 ? "You are signed out" : "The calls could not be read"}
          text={error.status === 401 ? "Sign in to see the calls." : error.message}
        >
          <Button size="small" onClick={error.status === 401 ? signIn : reload}>
            {error.status === 401 ? "Sign in" : "Try again"}
          </Button>
        </Banner>
      )}
      {!error && !loading && calls.length === 0 && <Empty filtered={filtered} />}
      {calls.length > 0 && (
        <ol className="call-list">
          {calls.map((call) => (
            <CallRow key={call.id} call={call} />
          ))}
        </ol>
      )}
      {loading && calls.length === 0 && <Loading />}
      {more && (
        <p className="calls-more">
          <Button onClick={loadMore} disabled={loading}>
            {loading ? "Loading…" : "Older calls"}
          </Button>
        </p>
      )}
      <p className="sr-only" role="status">
        {loading ? "Loading the calls" : `${calls.length} calls shown`}
      </p>
    </>
  );
}

function Empty({ filtered }: { filtered: boolean }) {
  return (
    <div className="nothing">
      <Icon name={filtered ? "search" : "phone"} size={28} />
      <h2>{filtered ? "No call fits" : "No calls yet"}</h2>
      <p className="quiet">
        {filtered ? "Try fewer words, or the other door." : "Talk to Myra, or call the hotline; the call appears here."}
      </p>
    </div>
  );
}

function Loading() {
  return (
    <div className="call-list" aria-hidden="true">
      {Array.from({ length: 6 }, (_, index) => (
        <div key={index} className="call-row skeleton" />
      ))}
    </div>
  );
}
