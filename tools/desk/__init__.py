"""The ten tools and the end of the call, a file each."""
