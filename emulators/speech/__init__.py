"""The emulator's ears and voices, on onnxruntime and the processor alone. Nothing is
downloaded: the weights come with pinned packages and are checked before they are used."""
