// Before the call: is the microphone there, is it the right one, does it hear? Asked for in a click.

import { useCallback, useEffect, useRef, useState } from "react";

import { listMicrophones, openMicrophone, type MicInput } from "../audio/microphone";
import { micErrorOf } from "../audio/micTrouble";
import type { CaptureSettings, MicTrouble } from "../voice/contract";

export type MicCheck = {
  state: "off" | "asking" | "on";
  trouble: MicTrouble | null;
  inputs: MicInput[];
  levelDb: number;
  /** Two seconds of the microphone are being taken, or played back. */
  echoing: boolean;
  begin: (settings: CaptureSettings) => void;
  end: () => void;
  hear: () => void;
};

type Open = { stream: MediaStream; context: AudioContext; timer: ReturnType<typeof setInterval> };

const SILENT_DB = -100;
const EVERY_MS = 80;
const LOOP_MS = 2000;

export function useMicCheck(): MicCheck {
  const [state, setState] = useState<MicCheck["state"]>("off");
  const [trouble, setTrouble] = useState<MicTrouble | null>(null);
  const [inputs, setInputs] = useState<MicInput[]>([]);
  const [levelDb, setLevelDb] = useState(SILENT_DB);
  const [echoing, setEchoing] = useState(false);
  const open = useRef<Open | null>(null);
  const wanted = useRef(0);

  const release = useCallback(() => {
    wanted.current += 1;
    if (open.current) close(open.current);
    open.current = null;
  }, []);

  const end = useCallback(() => {
    release();
    setState("off");
    setLevelDb(SILENT_DB);
    setEchoing(false);
  }, [release]);

  const hear = useCallback(() => {
    if (!open.current) return;
    setEchoing(true);
    loopBack(open.current)
      .catch(end)
      .finally(() => setEchoing(false));
  }, [end]);

  const begin = useCallback(
    (settings: CaptureSettings) => {
      release();
      const asked = wanted.current;
      setState("asking");
      setTrouble(null);
      const check = async () => {
        try {
          const stream = await openMicrophone(settings);
          if (asked !== wanted.current) {
            stopTracks(stream);
            return;
          }
          open.current = metered(stream, setLevelDb);
          setState("on");
          setInputs(await listMicrophones());
        } catch (error) {
          if (asked !== wanted.current) return;
          setTrouble(micErrorOf(error).trouble);
          setState("off");
        }
      };
      void check();
    },
    [release],
  );

  useEffect(() => release, [release]);
  return { state, trouble, inputs, levelDb, echoing, begin, end, hear };
}

function metered(stream: MediaStream, tell: (db: number) => void): Open {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 2048;
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
    tell(10 * Math.log10(power + 1e-10));
  }, EVERY_MS);
  return { stream, context, timer };
}

/** Two seconds as the microphone hears them, then played: the caller judges them by ear. */
async function loopBack({ stream, context }: Open): Promise<void> {
  const recorder = new MediaRecorder(stream);
  const taken = new Promise<Blob>((resolve) => {
    recorder.ondataavailable = ({ data }) => resolve(data);
  });
  recorder.start();
  setTimeout(() => {
    if (recorder.state === "recording") recorder.stop();
  }, LOOP_MS);
  const sound = await context.decodeAudioData(await (await taken).arrayBuffer());
  const source = new AudioBufferSourceNode(context, { buffer: sound });
  source.connect(context.destination);
  const over = new Promise((resolve) => source.addEventListener("ended", resolve, { once: true }));
  source.start();
  await over;
}

function close({ stream, context, timer }: Open): void {
  clearInterval(timer);
  stopTracks(stream);
  void context.close();
}

function stopTracks(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
