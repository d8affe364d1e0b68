"""What Myra says. Constants only; the fixed ones are spoken once and kept by the voice."""

from __future__ import annotations

from collections.abc import Mapping

GREETING = "Thank you for calling Cymbol Travels, this is Myra. How can I help you today?"
GREETING_BACK = "Hello again, this is Myra. How can I help you?"
GOODBYE_FORCED = "I'm sorry, I have to end the call here. Please call us again. Goodbye!"
GOODBYE = "Thank you for calling Cymbol Travels. Have a lovely day. Goodbye!"
GOODBYE_UNHEARD = (
    "I'm afraid I can't hear you, so I'll end the call here. Please call again. Goodbye!"
)

LOOKING = "One moment, let me look that up."
CHECKING = "Let me check that for you. One moment, please."
QUOTING = "Let me see what that would cost. One moment."
DOING = "Thank you. I'm doing that for you now."
CONNECTING = "Of course. Let me find a colleague for you."
AGAIN = "Let me try that once more."
STILL_WORKING = "I'm still checking that for you. Thank you for waiting."
STILL_WORKING_TOO = "It's taking a little longer than usual, but I'm still on it."

ANYTHING_ELSE = (
    "Is there anything else I can help you with?",
    "Can I help you with anything else?",
    "Is there anything else I can do for you?",
)
LEFT_AS_IT_WAS = "All right, I've left everything as it was."
OF_COURSE = "Of course. What can I do for you?"
SHALL_I = "Shall I go ahead?"
YES_OR_NO = (
    "Just to be sure, shall I go ahead? Please say yes or no, or press one for yes and two for no."
)
ANOTHER_TRY = "Shall I try once more?"
OFFER_PERSON = "Would you like me to connect you with a colleague?"
TROUBLE = f"I'm sorry, I'm having trouble understanding. {OFFER_PERSON}"
CANNOT = "I'm sorry, that's something I can't do on this line."
FAILED = "I'm sorry, our system isn't answering me just now."
NO_COLLEAGUE = "I'm sorry, I can't reach a colleague right now."

NOT_CAUGHT = "I'm sorry, I didn't catch that."
NOT_CAUGHT_TOO = "I'm sorry, I still didn't get that."
WHAT_I_CAN_DO = (
    "I can look up a booking, change or cancel it, check you in, send your ticket, correct a name, "
    "note a request, or answer a question about your trip. What would you like?"
)
ARE_YOU_THERE = "Are you still there?"
CANNOT_HEAR = "I'm still here, but I can't hear you. Please say something, or the call will end."
I_AM_HERE = "Yes, I'm here."
TAKE_YOUR_TIME = "Of course, take your time."
WELCOME = "You're very welcome."
I_AM_WELL = "I'm very well, thank you."
HELLO = "Hello!"
WHO_I_AM = "I'm Myra, the virtual assistant of Cymbol Travels, so not a person."
MY_NAME = "I'm Myra, from Cymbol Travels."
SORRY = "I'm sorry."
SORRY_TO_HEAR = "I'm sorry to hear that. I can note it for you."
ARTICLE = "You can read more in our article called {title}."
HAVE_IT = "Thank you, I have it here."
DONE = "That's done."
REST_OF_IT = "Thank you. And the rest of it, please?"

# For each thing asked for: how to ask first, and how to ask when the answer was not understood.
ASK: Mapping[str, tuple[str, str]] = {
    "booking_reference": (
        "May I have your booking reference, please?",
        "Please spell your booking reference slowly, for example A as in Alpha. It has six "
        "letters and digits.",
    ),
    "surname": (
        "May I have the surname on the booking, please?",
        "Could you spell the surname for me, letter by letter?",
    ),
    "new_date": (
        "Which date would you like to travel instead?",
        "Please tell me the new date, for example the twelfth of June, or next Friday.",
    ),
    "corrected_name": (
        "How should the name read? Please say given name and surname, and spell what was wrong.",
        "Please say the given name and the surname as they should be.",
    ),
    "channel": (
        "Shall I send it by email or as a text message?",
        "Please say email, or text message.",
    ),
    "seat": (
        "Would you like a window or an aisle seat?",
        "Please say window, aisle, or a seat number.",
    ),
    "passenger": (
        "Which passenger is it for?",
        "Please tell me the name of the passenger.",
    ),
    "details": (
        "Please tell me briefly what happened, or what you need.",
        "Please describe it in one or two sentences.",
    ),
    "kind": (
        "What is it about: assistance, a meal, your baggage, or a delay?",
        "Please say assistance, meal, baggage, or delay.",
    ),
    "question": ("What would you like to know?", "Please ask me your question once more."),
    "confirm": (SHALL_I, YES_OR_NO),
    "person": (OFFER_PERSON, "Shall I connect you with a colleague? Please say yes or no."),
    "retry": (ANOTHER_TRY, "Shall I try again? Please say yes or no."),
    "anything": (ANYTHING_ELSE[0], WHAT_I_CAN_DO),
    "": ("How can I help you?", WHAT_I_CAN_DO),
}

# Said before a question that begins an errand.
HAPPY_TO: Mapping[str, str] = {
    "cancel": "I can help you cancel that.",
    "change": "I can help you change your date.",
    "name": "I can help you with the name.",
    "checkin": "I can check you in.",
    "eticket": "I can send that to you.",
    "claim": "I can note that for you.",
    "progress": "I can find out for you.",
    "details": "I can look that up for you.",
}

FIXED = (
    *(GREETING, LOOKING, ASK["booking_reference"][0], HAVE_IT, ANYTHING_ELSE[0], GOODBYE),
    *(QUOTING, SHALL_I, DOING, CHECKING, *ANYTHING_ELSE[1:], ASK["surname"][0], SORRY),
    *(NOT_CAUGHT, STILL_WORKING, ARE_YOU_THERE, CONNECTING, ASK["new_date"][0], WELCOME),
    *(WHO_I_AM, LEFT_AS_IT_WAS, OFFER_PERSON, OF_COURSE, *HAPPY_TO.values()),
)
"""What Myra says so often that a voice does well to keep it, the most urgent first. Many begin a
longer reply, whose rest is made while they are heard."""
