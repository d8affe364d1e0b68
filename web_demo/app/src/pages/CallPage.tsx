// One call: its sound, its words and its deeds on one time axis.

import { useMemo, type ReactNode } from "react";

import { useApi } from "../hooks/useApi";
import { useMe } from "../hooks/useMe";
import { usePlayer } from "../hooks/usePlayer";
import { useTitle } from "../hooks/useTitle";
import type { CallDetail, Peaks } from "../net/protocol";
import { API, type ApiError } from "../state/api";
import { clock } from "../state/format";
import { CALLS } from "../state/route";
import { Banner } from "../ui/kit/Banner";
import { Button } from "../ui/kit/Button";
import { Link } from "../ui/kit/Link";
import { AuditTable } from "../ui/panel/AuditTable";
import { TurnBars } from "../ui/panel/TurnBars";
import { CallHead } from "../ui/calls/CallHead";
import { CallTranscript } from "../ui/calls/CallTranscript";
import { Quality } from "../ui/calls/Quality";
import { Timeline } from "../ui/calls/Timeline";

const RENEW_MS = 3000;
const POINTS = 4000;

export function CallPage({ id }: { id: string }) {
  const path = `/calls/${encodeURIComponent(id)}`;
  useTitle("One call");
  const { data, error, loading, reload } = useApi<CallDetail>(path, whileRunning);
  return (
    <main id="main" className="one-call" tabIndex={-1} aria-busy={loading}>
      <p className="back">
        <Link href={CALLS}>All calls</Link>
      </p>
      {error && <Refused error={error} onAgain={reload} />}
      {data && <Opened call={data} path={path} />}
      {loading && <p className="quiet">Loading the call…</p>}
    </main>
  );
}

function whileRunning(call: CallDetail): number {
  return call.running ? RENEW_MS : 0;
}

function Refused({ error, onAgain }: { error: ApiError; onAgain: () => void }) {
  const { reload } = useMe();
  if (error.status === 404) {
    return (
      <div className="nothing">
        <h1>This call is not here</h1>
        <p className="quiet">The link is mistyped, or the call was deleted after the time calls are kept.</p>
      </div>
    );
  }
  const signedOut = error.status === 401;
  return (
    <Banner
      level="error"
      title={signedOut ? "You are signed out" : "The call could not be read"}
      text={signedOut ? "Sign in to see it." : error.message}
    >
      <Button size="small" onClick={signedOut ? reload : onAgain}>
        {signedOut ? "Sign in" : "Try again"}
      </Button>
    </Banner>
  );
}

function Opened({ call, path }: { call: CallDetail; path: string }) {
  const outline = useApi<Peaks>(call.recording ? `${path}/peaks?points=${POINTS}` : null, call.running ? RENEW_MS : 0);
  const peaks = outline.data;
  const length = Math.max(peaks?.seconds ?? 0, call.seconds, lastOf(call));
  const playable = call.recording && !call.running && outline.error === null;
  const player = usePlayer(playable ? `${API}${path}/recording.wav` : null, length);
  const turns = useMemo(
    () =>
      call.transcript
        .filter(({ speaker }) => speaker === "myra")
        .map(({ position, started, latency, interrupted }) => ({
          id: `#${position}`,
          name: clock(started),
          bar: latency,
          atTheEarMs: null,
          interrupted,
        })),
    [call.transcript],
  );
  return (
    <>
      <CallHead call={call} address={`${API}${path}`} playable={playable && !player.failed} />
      <RecordingNote call={call} gone={outline.error?.status === 404 || player.failed} />
      <Timeline call={call} peaks={peaks} length={length} player={player} playable={playable && !player.failed} />
      <div className="call-columns">
        <CallTranscript call={call} player={player} />
        <div className="call-side">
          <Section title="Where the time went">
            <TurnBars turns={turns} compact />
          </Section>
          <Section title="Truncation audit">
            <AuditTable lines={call.audit} />
          </Section>
          <Quality quality={call.quality} />
        </div>
      </div>
    </>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="card">
      <h2>{title}</h2>
      {children}
    </section>
  );
}

function RecordingNote({ call, gone }: { call: CallDetail; gone: boolean }) {
  if (call.running) return <Banner level="info" title="This call is running" text="The page follows it." />;
  if (gone && call.recording) {
    const text = "It was deleted after the time recordings are kept. The words and figures are still here.";
    return <Banner level="info" title="The recording is gone" text={text} />;
  }
  if (call.recording) {
    if (call.quality["recording"] !== "incomplete") return null;
    return <Banner level="warning" title="The recording has gaps" text="The disk was behind while it was written." />;
  }
  const text = "None was made, or it was deleted after the time recordings are kept.";
  return <Banner level="info" title="There is no recording" text={text} />;
}

function lastOf(call: CallDetail): number {
  return Math.max(0, ...call.transcript.map(({ ended }) => ended), ...call.tool_calls.map(({ ended }) => ended));
}
