// How the microphone is opened and which path the sound takes: before the call and in it.

import { useMe } from "../../hooks/useMe";
import { useSettings } from "../../hooks/useSettings";
import type { CaptureSettings } from "../../voice/contract";
import { Select, Slider, Switch } from "../kit/Fields";

type InputSelectProps = {
  inputs: { id: string; label: string }[];
  onChosen?: (capture: CaptureSettings) => void;
};

export function InputSelect({ inputs, onChosen }: InputSelectProps) {
  const { settings, changeCapture } = useSettings();
  const { capture } = settings;
  const named = inputs.filter(({ id }) => id !== "" && id !== "default");
  const known = capture.deviceId === "" || named.some(({ id }) => id === capture.deviceId);
  const options = [
    { value: "", label: "The system's microphone" },
    ...(known ? [] : [{ value: capture.deviceId, label: "The one chosen last time" }]),
    ...named.map(({ id, label }, index) => ({ value: id, label: label || `Microphone ${index + 1}` })),
  ];
  return (
    <Select
      label="Microphone"
      value={capture.deviceId}
      options={options}
      onChange={(deviceId) => {
        changeCapture({ deviceId });
        onChosen?.({ ...capture, deviceId });
      }}
    />
  );
}

type CaptureSwitchesProps = { onCapture?: (capture: CaptureSettings) => void };

export function CaptureSwitches({ onCapture }: CaptureSwitchesProps) {
  const { me } = useMe();
  const { settings, change, changeCapture } = useSettings();
  const { capture, vad } = settings;
  const set = (part: Partial<CaptureSettings>) => {
    changeCapture(part);
    onCapture?.({ ...capture, ...part });
  };
  return (
    <div className="switches">
      <Switch
        label="Echo cancellation"
        hint="Off only with headphones"
        on={capture.echoCancellation}
        onChange={(echoCancellation) => set({ echoCancellation })}
      />
      <Switch
        label="Noise suppression"
        on={capture.noiseSuppression}
        onChange={(noiseSuppression) => set({ noiseSuppression })}
      />
      <Switch
        label="Automatic gain"
        on={capture.autoGainControl}
        onChange={(autoGainControl) => set({ autoGainControl })}
      />
      <Switch
        label="Speech detection in the page"
        hint={me.vad ? "Stops Myra at once when you speak" : "Switched off by the server"}
        on={vad && me.vad}
        disabled={!me.vad}
        onChange={(on) => change({ vad: on })}
      />
    </div>
  );
}

export function LineChoice() {
  const { settings, change } = useSettings();
  return (
    <Switch
      label="Phone line"
      hint="Hear and be heard as on the telephone"
      on={settings.line === "pstn"}
      onChange={(on) => change({ line: on ? "pstn" : "web" })}
    />
  );
}

export function LineSliders() {
  const { settings, change } = useSettings();
  const { lossPercent, jitterMs } = settings;
  return (
    <div className="line-sliders">
      <Slider
        label="Packet loss"
        value={lossPercent}
        {...{ min: 0, max: 3, step: 0.5 }}
        shown={`${lossPercent} %`}
        onChange={(value) => change({ lossPercent: value })}
      />
      <Slider
        label="Jitter"
        value={jitterMs}
        {...{ min: 0, max: 60, step: 5 }}
        shown={`${jitterMs} ms`}
        onChange={(value) => change({ jitterMs: value })}
      />
    </div>
  );
}

export function VolumeSlider() {
  const { settings, change } = useSettings();
  return (
    <Slider
      label="Myra's volume"
      value={settings.volume}
      {...{ min: 0, max: 1, step: 0.05 }}
      shown={`${Math.round(settings.volume * 100)} %`}
      onChange={(volume) => change({ volume })}
    />
  );
}
