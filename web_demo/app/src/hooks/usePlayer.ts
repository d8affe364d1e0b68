// A recording as a moment that moves: played, paused, sought; without a recording only sought.

import { useCallback, useEffect, useRef, useState } from "react";

export type Player = {
  time: number;
  playing: boolean;
  failed: boolean;
  play: () => void;
  pause: () => void;
  seek: (time: number) => void;
};

const EVERY_MS = 80;

export function usePlayer(src: string | null, length: number): Player {
  const audio = useRef<HTMLAudioElement | null>(null);
  const [time, setTime] = useState(0);
  const [playing, setPlaying] = useState(false);
  const [broken, setBroken] = useState<string | null>(null);

  useEffect(() => {
    if (src === null) return;
    const element = new Audio();
    element.preload = "metadata";
    element.src = src;
    element.onplay = () => setPlaying(true);
    element.onpause = () => setPlaying(false);
    element.onended = () => setPlaying(false);
    element.onerror = () => setBroken(src);
    audio.current = element;
    return () => {
      element.onerror = null;
      element.pause();
      element.removeAttribute("src");
      audio.current = null;
      setPlaying(false);
    };
  }, [src]);

  useEffect(() => {
    if (!playing) return;
    const timer = setInterval(() => setTime(audio.current?.currentTime ?? 0), EVERY_MS);
    return () => clearInterval(timer);
  }, [playing]);

  const seek = useCallback(
    (wanted: number) => {
      const at = Math.min(Math.max(0, wanted), length);
      setTime(at);
      if (audio.current) audio.current.currentTime = at;
    },
    [length],
  );
  const play = useCallback(() => {
    void audio.current?.play().catch(() => setPlaying(false));
  }, []);
  const pause = useCallback(() => audio.current?.pause(), []);
  return { time, playing, failed: src !== null && broken === src, play, pause, seek };
}
