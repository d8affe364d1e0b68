/** `REACT_APP_DISABLE_VAD`, set at build time: no speech detection in the page, its model never fetched. */
export function vadDisabled(value: string | undefined): boolean {
  return value !== undefined && !["", "0", "false", "no", "off"].includes(value.trim().toLowerCase());
}
