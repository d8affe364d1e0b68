"""What callers say to the hotline, and what of it must be understood over a telephone."""

from __future__ import annotations

from dataclasses import dataclass, field

from emulators.gemini.brain.intents import Intent


@dataclass(frozen=True, slots=True)
class Sentence:
    """``asked`` is the slot Myra asked for; ``slots`` must be among those understood."""

    text: str
    intent: Intent | None = None
    answer: bool | None = None
    asked: str = ""
    slots: dict[str, str] = field(default_factory=dict)


def _reference(said: str, reference: str) -> Sentence:
    return Sentence(said, asked="booking_reference", slots={"booking_reference": reference})


SENTENCES = (
    Sentence("Hi, could you pull up my reservation?", Intent.DETAILS),
    Sentence("What time does my flight leave tomorrow?", Intent.DETAILS),
    Sentence("Is my flight on time?", Intent.DETAILS),
    Sentence("I want to cancel my trip.", Intent.CANCEL),
    Sentence("Something came up and I can't travel any more.", Intent.CANCEL),
    Sentence(
        "I'd like to move my flight to next Monday.",
        Intent.CHANGE,
        slots={"new_date": "next monday"},
    ),
    Sentence(
        "Could you change it to the twentieth of August?",
        Intent.CHANGE,
        slots={"new_date": "20 august"},
    ),
    Sentence("No, I meant Wednesday.", answer=False, slots={"new_date": "wednesday"}),
    Sentence("My name is spelled wrong on the ticket.", Intent.NAME),
    Sentence("I need to correct my surname.", Intent.NAME),
    Sentence("Can you check me in, please?", Intent.CHECKIN),
    Sentence("I'd like a window seat.", Intent.CHECKIN, slots={"seat": "window"}),
    Sentence("Please send me my boarding pass.", Intent.CHECKIN),
    Sentence("Could you resend my e-ticket?", Intent.ETICKET),
    Sentence("Please email me the ticket again.", Intent.ETICKET, slots={"channel": "email"}),
    Sentence("I need a wheelchair at the airport.", Intent.CLAIM, slots={"kind": "wheelchair"}),
    Sentence("My suitcase did not arrive.", Intent.CLAIM, slots={"kind": "baggage"}),
    Sentence("I want a vegetarian meal.", Intent.CLAIM, slots={"kind": "meal"}),
    Sentence("My flight was delayed and I want compensation.", Intent.CLAIM),
    Sentence("Where is my refund?", Intent.PROGRESS),
    Sentence("What's the status of my request?", Intent.PROGRESS),
    Sentence("How many bags may I bring?", Intent.ENQUIRY),
    Sentence("Can I take my dog on board?", Intent.ENQUIRY),
    Sentence("What is your cancellation policy?", Intent.ENQUIRY),
    Sentence("When does check-in close?", Intent.ENQUIRY),
    Sentence("I'd rather talk to a person.", Intent.HUMAN),
    Sentence("Give me a human agent, please.", Intent.HUMAN),
    Sentence("Are you a robot?", Intent.WHO),
    Sentence("Could you say that again?", Intent.REPEAT),
    Sentence("Hold on a second.", Intent.WAIT),
    Sentence("Yes, please do that.", answer=True),
    Sentence("Yes.", answer=True),
    Sentence("Okay, go ahead.", answer=True),
    Sentence("No.", answer=False),
    Sentence("No, leave it as it is.", answer=False),
    Sentence("That's everything, thank you, goodbye.", Intent.BYE),
    Sentence("Bye bye.", Intent.BYE),
    _reference("C Y M four two seven.", "CYM427"),
    _reference("It's B K X nine three one.", "BKX931"),
    _reference("My booking reference is L H W two six four.", "LHW264"),
    _reference("C as in Charlie, Y as in Yankee, M as in Mike, double four seven.", "CYM447"),
    _reference("Q R T five eight zero.", "QRT580"),
    Sentence("It's Miller.", asked="surname", slots={"surname": "Miller"}),
    Sentence("My surname is Johnson.", asked="surname", slots={"surname": "Johnson"}),
    Sentence("P A T E L.", asked="surname", slots={"surname": "Patel"}),
)
