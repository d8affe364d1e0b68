"""What callers of a travel hotline often say: the recogniser leans towards these."""

from __future__ import annotations

from emulators.speech.numbers import words

NATO = words(
    "Alpha Bravo Charlie Delta Echo Foxtrot Golf Hotel India Juliet Kilo Lima Mike November "
    "Oscar Papa Quebec Romeo Sierra Tango Uniform Victor Whiskey X-ray Yankee Zulu"
)

_SPOKEN = """
booking; my booking; reservation; booking reference; my reference is; the reference is; itinerary
cancel; cancel my booking; cancel my flight; cancel the trip; refund; my refund; where is my refund
change the date; change my flight; reschedule; move my flight; earlier flight; later flight; rebook
check in; check-in; checked in; boarding pass; window seat; aisle seat; middle seat; seat number
e-ticket; e-tickets; my ticket; resend my ticket; by email; by text message; text message
wheelchair; vegetarian meal; vegan meal; gluten-free meal; special assistance; medical certificate
baggage; luggage; suitcase; carry-on; hand luggage; lost bag; damaged bag; delayed flight; claim
check-in open; check-in close; baggage allowance; how many bags; pets; travelling with a dog
passport; visa; unaccompanied minor
speak to a person; speak to an agent; a human; a real person; representative; operator; supervisor
yes, please; yes, go ahead; go ahead; no, thank you; no, thanks; that's right; that's correct
that's wrong; that's all; that's everything; goodbye; bye; thank you, goodbye; thank you very much
my surname is; my last name is; the name is; misspelled; spelled wrong; spelling mistake; hold on
flight number; flight status; on time; delayed; surname; last name; double; Cymbol Travels; Myra
Monday; Tuesday; Wednesday; Thursday; Friday; Saturday; Sunday; tomorrow; next week; the day after
"""

# Names that the recogniser would write as ordinary words ("ok for", "cow's key").
_SURNAMES = """
Okafor; Reyes; Nair; Whitaker; Dunn; Foster-Stone; Brandt; Lindqvist; Mbeki; Kramer; Thackeray
Wexler; Xavier; Vance; Harrington; Fischer; Epstein; Miller; Marchetti; Kowalski; Gordon; Novak
Ulrich; Hakimi; Zeller; Dos Santos; Marchand; Hendricks; O'Neill; van der Berg; Chen; Joshi
Pellegrini; Gutierrez; Maguire; Walsh; Zadeh; Christensen; Johnson; Williams; Brown; Jones; Garcia
Davis; Rodriguez; Martinez; Anderson; Taylor; Thomas; Moore; Jackson; Lee; Patel; Nguyen; Kim
Singh; Khan; Cohen; Murphy; Kelly; Sullivan; Schmidt; Weber; Rossi; Silva; Santos; Ivanov; Ali
"""


def _listed(text: str) -> tuple[str, ...]:
    return tuple(phrase for line in text.strip().splitlines() for phrase in line.split("; "))


# Weights: 1.0 helps with the trade's words, and more of it invents them in noise. Names come one
# at a time and are rarer: with 2.0 twice as many are written right, at no cost to sentences.
PHRASES = {
    **dict.fromkeys(_listed(_SPOKEN), 1.0),
    **dict.fromkeys((f"as in {word}" for word in NATO), 1.0),
    **dict.fromkeys(_listed(_SURNAMES), 2.0),
}
