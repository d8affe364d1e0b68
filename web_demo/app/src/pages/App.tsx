// The whole page: who may use it, which part is shown, and the voice that outlives the parts.

import { useEffect, useRef } from "react";
import { useStore } from "zustand";

import { SettingsContext, useKeptSettings } from "../hooks/useSettings";
import { VoiceContext } from "../hooks/useVoice";
import { useApi } from "../hooks/useApi";
import { useQuery, useRoute } from "../hooks/useRoute";
import { MeContext } from "../hooks/useMe";
import type { Me } from "../net/protocol";
import type { Route } from "../state/route";
import { TALK } from "../state/route";
import { storeOf } from "../state/store";
import { Banner } from "../ui/kit/Banner";
import { Button } from "../ui/kit/Button";
import { Link } from "../ui/kit/Link";
import { Header } from "../ui/shell/Header";
import type { Voice } from "../voice/contract";
import { CallPage } from "./CallPage";
import { CallsPage } from "./CallsPage";
import { NoPassword, SignInPage } from "./SignInPage";
import { TalkPage } from "./TalkPage";

export function App({ voice }: { voice: Voice }) {
  const settings = useKeptSettings(voice);
  useLeavingAsks(voice);
  return (
    <VoiceContext value={voice}>
      <SettingsContext value={settings}>
        <Gate />
      </SettingsContext>
    </VoiceContext>
  );
}

/** A call ends with its page: the browser asks before it is reloaded or closed. */
function useLeavingAsks(voice: Voice): void {
  const running = useStore(storeOf(voice), ({ phase }) => phase === "running");
  useEffect(() => {
    if (!running) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [running]);
}

/** Another part of the page takes the focus, as another page would. */
function useFocusOnMove(part: string): void {
  const before = useRef(part);
  useEffect(() => {
    if (before.current !== part) document.getElementById("main")?.focus();
    before.current = part;
  }, [part]);
}

/** Nobody signed in: the sign-in page in the place of any other, which is shown right after. */
function Gate() {
  const me = useApi<Me>("/me");
  const route = useRoute();
  const expired = useQuery().get("link") === "expired";
  if (me.error?.status === 401 && !me.error.password) return <NoPassword expired={expired} way={me.error.message} />;
  if (me.error?.status === 401) return <SignInPage expired={expired} onSignedIn={me.reload} />;
  if (me.error) {
    return (
      <main className="alone">
        <Banner level="error" title="The demo cannot be opened" text={me.error.message}>
          <Button onClick={me.reload}>Try again</Button>
        </Banner>
      </main>
    );
  }
  if (!me.data) return <main className="alone" aria-busy="true" aria-label="Loading" />;
  return (
    <MeContext value={{ me: me.data, reload: me.reload }}>
      <a className="skip" href="#main">
        Skip to the content
      </a>
      <Header route={route} />
      <Shown route={route} />
    </MeContext>
  );
}

function Shown({ route }: { route: Route }) {
  useFocusOnMove(route.page);
  switch (route.page) {
    case "talk":
      return <TalkPage />;
    case "calls":
      return <CallsPage />;
    case "call":
      return <CallPage key={route.id} id={route.id} />;
    case "nowhere":
      return (
        <main id="main" className="alone">
          <h1>There is nothing here</h1>
          <p>
            This address belongs to no page. <Link href={TALK}>Talk to Myra</Link> instead.
          </p>
        </main>
      );
  }
}
