// Where an interrupted sentence of Myra's was cut: what was heard, and what nobody heard.

/**
 * The rest of `said` behind `heard`; empty where `heard` is no beginning of it. White space and
 * case do not count: transcripts of the two come by different ways.
 */
export function unheardRest(said: string, heard: string): string {
  const wanted = Array.from(heard).filter((letter) => !/\s/u.test(letter));
  const letters = Array.from(said);
  let found = 0;
  let at = 0;
  while (found < wanted.length && at < letters.length) {
    const letter = letters[at] ?? "";
    at += 1;
    if (/\s/u.test(letter)) continue;
    if (letter.toLowerCase() !== wanted[found]?.toLowerCase()) return "";
    found += 1;
  }
  return found < wanted.length ? "" : letters.slice(at).join("").trim();
}
