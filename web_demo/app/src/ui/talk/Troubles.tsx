import { useMemo } from "react";
import { useShallow } from "zustand/react/shallow";

import { useAudio } from "../../hooks/useAudio";
import { useCommunication } from "../../hooks/useCommunication";
import { useMe } from "../../hooks/useMe";
import { useNow } from "../../hooks/useNow";
import { useCallStore, useCallView, useVoice } from "../../hooks/useVoice";
import { dismissed } from "../../state/reduce";
import { troubledOf, troublesOf, type Way } from "../../state/troubles";
import { Banner } from "../kit/Banner";
import { Button } from "../kit/Button";

type Order = { words: string; order: () => void };

/** What is wrong at the moment, and each trouble's way on; beneath, what the voice noticed. */
export function Troubles() {
  const view = useCallView(useShallow(troubledOf));
  const notices = useCallView(({ notices: shown }) => shown);
  const now = useNow(1000, view.resumedAt !== null && view.phase === "running");
  const store = useCallStore();
  const ways = useWays();
  return (
    <div className="troubles">
      {troublesOf(view, now).map((trouble) => (
        <Banner key={trouble.id} level={trouble.level} title={trouble.title} text={trouble.text}>
          {trouble.ways.length > 0 &&
            trouble.ways.map((way) => (
              <Button key={way} size="small" onClick={ways[way].order}>
                {ways[way].words}
              </Button>
            ))}
        </Banner>
      ))}
      {notices.map((notice) => (
        <Banner key={notice.id} level={notice.level} text={notice.text}>
          <Button
            look="quiet"
            size="small"
            icon="close"
            iconOnly
            onClick={() => store.setState((before) => dismissed(before, notice.id))}
          >
            Dismiss
          </Button>
        </Banner>
      ))}
    </div>
  );
}

function useWays(): Record<Way, Order> {
  const voice = useVoice();
  const { unblock, retryMicrophone } = useAudio(voice);
  const { hangUp } = useCommunication(voice);
  const { reload } = useMe();
  return useMemo(
    () => ({
      "retry-microphone": { words: "Try again", order: retryMicrophone },
      unblock: { words: "Start sound", order: unblock },
      "type-instead": { words: "Type instead", order: () => document.getElementById("typed")?.focus() },
      "sign-in": { words: "Sign in", order: reload },
      reload: { words: "Reload", order: () => location.reload() },
      "hang-up": { words: "Hang up", order: hangUp },
    }),
    [unblock, retryMicrophone, hangUp, reload],
  );
}
