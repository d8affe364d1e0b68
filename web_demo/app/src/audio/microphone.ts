// Opening a microphone: constraints as QA set them, a saved device that is gone, and the list.

import type { CaptureSettings } from "../voice/contract";
import { MicError, micErrorOf, whyNoMicrophone } from "./micTrouble";

export type MicInput = { id: string; label: string };

export function constraintsOf(settings: CaptureSettings): MediaTrackConstraints {
  const constraints: MediaTrackConstraints = {
    channelCount: { ideal: 1 },
    echoCancellation: { ideal: settings.echoCancellation },
    noiseSuppression: { ideal: settings.noiseSuppression },
    autoGainControl: { ideal: settings.autoGainControl },
  };
  if (settings.deviceId !== "") constraints.deviceId = { exact: settings.deviceId };
  return constraints;
}

/** Raises MicError. A chosen device that is gone gives way to the default one. */
export async function openMicrophone(settings: CaptureSettings): Promise<MediaStream> {
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  const impossible = whyNoMicrophone(isSecureContext, devices);
  if (impossible) throw impossible;
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: constraintsOf(settings) });
  } catch (error) {
    const gone = error instanceof Error && error.name === "OverconstrainedError" && settings.deviceId !== "";
    if (gone) return openMicrophone({ ...settings, deviceId: "" });
    throw micErrorOf(error);
  }
}

/** Labels are empty until the caller has allowed a microphone once. */
export async function listMicrophones(): Promise<MicInput[]> {
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices
    .filter(({ kind, deviceId }) => kind === "audioinput" && deviceId !== "communications")
    .map(({ deviceId, label }) => ({ id: deviceId, label }));
}

export function trackOf(stream: MediaStream): MediaStreamTrack {
  const track = stream.getAudioTracks()[0];
  if (!track) throw new MicError("no-device", "the stream has no audio track");
  return track;
}
