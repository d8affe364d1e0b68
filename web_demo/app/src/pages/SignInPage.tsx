import { useId, useState, type SubmitEvent } from "react";

import { replaceQuery } from "../hooks/useRoute";
import { useTitle } from "../hooks/useTitle";
import { ApiError, postJson } from "../state/api";
import { Banner } from "../ui/kit/Banner";
import { Button } from "../ui/kit/Button";
import { Brand } from "../ui/shell/Brand";

type SignInProps = { expired: boolean; onSignedIn: () => void };

export function SignInPage({ expired, onSignedIn }: SignInProps) {
  const { error, busy, signIn } = useSignIn(onSignedIn);
  const id = useId();
  useTitle("Sign in");
  return (
    <main className="sign-in">
      <form className="card sign-in-card" onSubmit={signIn}>
        <Brand />
        <div>
          <h1>Sign in</h1>
          <p className="quiet">The demo is for the people who look after Myra.</p>
        </div>
        {expired && !error && <Expired text="Ask for a new one, or sign in with the password." />}
        {error && <Banner level="error" text={error} />}
        <div className="field">
          <label htmlFor={id} className="field-label">
            Password
          </label>
          <input
            id={id}
            className="input"
            name="password"
            type="password"
            autoComplete="current-password"
            required
            autoFocus
            aria-invalid={error !== ""}
          />
        </div>
        <Button type="submit" look="primary" size="large" disabled={busy}>
          {busy ? "Signing in…" : "Sign in"}
        </Button>
      </form>
    </main>
  );
}

/** No password is set: there is nothing to fill in. */
export function NoPassword({ expired, way }: { expired: boolean; way: string }) {
  useTitle("Sign in");
  return (
    <main className="sign-in">
      <div className="card sign-in-card">
        <Brand />
        <div>
          <h1>You are not signed in</h1>
          <p className="quiet">The demo is for the people who look after Myra.</p>
        </div>
        {expired && <Expired text="Ask for a new one." />}
        <Banner level="info" text={`${way}.`} />
      </div>
    </main>
  );
}

function Expired({ text }: { text: string }) {
  return <Banner level="warning" title="This link has expired" text={`It is too old, or not complete. ${text}`} />;
}

function useSignIn(onSignedIn: () => void) {
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const send = async (password: string) => {
    setBusy(true);
    try {
      await postJson("/sign-in", { password });
      replaceQuery("");
      onSignedIn();
    } catch (failure) {
      setError(wordsOf(failure));
      setBusy(false);
    }
  };
  const signIn = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const password = new FormData(event.currentTarget).get("password");
    void send(typeof password === "string" ? password : "");
  };
  return { error, busy, signIn };
}

function wordsOf(failure: unknown): string {
  if (!(failure instanceof ApiError)) return String(failure);
  if (failure.status === 401) return "That is not the password.";
  return failure.status === 429 ? "Too many tries. Wait a minute, then try again." : failure.message;
}
