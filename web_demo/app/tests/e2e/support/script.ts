// What Myra's emulator answers in these calls: numbered tones for words, so that a reply costs
// nothing and its length is known (five words a second). Speech
// reaches her mind as numbers too, or as a length: its ears know nothing else.

import type { Rules } from "./house.ts";

/** A sentence that takes this long to say. */
export const sentence = (seconds: number): string =>
  `${Array.from({ length: seconds * 5 - 1 }, (_, n) => `#${n}`).join(" ")} done.`;

export const SCRIPT: Rules = {
  rules: [
    { hears: "is connected", does: "speak Hello, I am Myra." },
    { hears: "^short", does: "speak Yes." },
    { hears: "^one$", does: `speak ${sentence(1)}` },
    { hears: "^two$", does: `speak ${sentence(2)}` },
    { hears: "^high", does: "speak tone:5000:1.5" },
    { hears: "^look", does: `speak ${sentence(3)}; call Enquiry_Tool {"question": "How many bags may I take?"}` },
    { hears: "^bye", does: "call End_Call_Tool {}" },
    { hears: "^[#(]|^long", does: `speak ${sentence(8)}` },
    { hears: "", does: "speak I hear you." },
  ],
  results: {
    Enquiry_Tool: `speak ${sentence(1)}`,
    End_Call_Tool: "speak So long, have a good day.",
  },
};
