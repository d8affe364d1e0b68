import { useAudio } from "../../hooks/useAudio";
import { useVoice } from "../../hooks/useVoice";
import { Dialog } from "../kit/Dialog";
import { CaptureSwitches, InputSelect, VolumeSlider } from "./SoundSettings";

export function SoundDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { inputs } = useAudio(useVoice());
  return (
    <Dialog open={open} title="Sound" onClose={onClose}>
      <InputSelect inputs={inputs} />
      <VolumeSlider />
      <CaptureSwitches />
    </Dialog>
  );
}
