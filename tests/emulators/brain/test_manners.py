"""How Myra takes corrections, interruptions, silence, keys and what she does not understand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulators.gemini.brain import make_mind
from emulators.gemini.steps import Call, Say
from tests.emulators.brain.talk import DECLARATIONS, GREET, Talk

pytestmark = pytest.mark.pure


@pytest.fixture
def talk() -> Talk:
    return Talk().say(GREET)


def test_the_greeting_comes_when_the_call_is_connected() -> None:
    said = Talk().say(GREET).said
    assert said == "Thank you for calling Cymbol Travels, this is Myra. How can I help you today?"


def test_a_greeting_in_the_instruction_is_used() -> None:
    mind = make_mind((), 'You are Myra. Greet the caller with "Good day, Cymbol Travels, Myra."')
    assert mind.hear(GREET) == [Say("Good day, Cymbol Travels, Myra.")]


def test_directions_are_never_spoken(talk: Talk) -> None:
    assert talk.say("[The caller's number is withheld]").said == ""
    assert "[" not in talk.say("[The caller has said nothing for 6 seconds]").said


def test_she_does_not_claim_to_be_human(talk: Talk) -> None:
    for question in ("Are you a human?", "Am I talking to a real person?", "are you a robot"):
        said = talk.say(question).said
        assert "virtual assistant" in said
        assert "not a person" in said


def test_she_does_not_volunteer_what_she_is(talk: Talk) -> None:
    for line in ("Hello", "Who am I speaking with?", "How are you?", "What can you do?"):
        assert "virtual" not in talk.say(line).said


def test_she_asks_twice_then_offers_a_person_then_calls_one(talk: Talk) -> None:
    first, second = talk.say("blorp").said, talk.say("fnord").said
    assert first != second
    assert "colleague" in talk.say("quux").said
    assert talk.calls == []
    assert talk.say("zyzzy").call.name == "Connect_To_Human_Tool"


def test_being_understood_forgives_the_misses(talk: Talk) -> None:
    talk.say("blorp", "fnord", "cancel my flight", "blorp", "fnord")
    assert "colleague" not in talk.said


def test_a_declined_person_is_no_goodbye(talk: Talk) -> None:
    talk.say("blorp", "fnord", "quux", "no")
    assert talk.calls == []
    assert talk.said.endswith("?")


def test_the_conversation_goes_on_while_a_tool_is_slow(talk: Talk) -> None:
    slow = talk.say("C Y M 4 2 7").call
    assert "still" in talk.say("hello, are you there?").said
    assert "still" in talk.say("[The caller has said nothing for 5 seconds]").said
    talk.say("how many bags can I bring?").answer("One bag.", of=talk.call)
    assert "One bag." in talk.said
    talk.answer("You fly on Friday.", of=slow)
    assert "Friday" in talk.said


def test_a_progress_report_is_spoken_and_the_result_still_awaited(talk: Talk) -> None:
    talk.say("C Y M 4 2 7").answer("Still searching.", status="working")
    assert talk.said == "Still searching."
    assert "Friday" in talk.answer("You fly on Friday.").said


def test_a_failure_offers_another_try_then_a_person(talk: Talk) -> None:
    talk.say("C Y M 4 2 7").answer("The system is down.", status="timeout")
    assert "try" in talk.said
    before = talk.call
    again = talk.say("yes").call
    assert (again.name, again.args) == (before.name, before.args)
    assert again.id != before.id
    talk.answer("The system is down.", status="error")
    assert "colleague" in talk.said
    assert talk.say("yes").call.name == "Connect_To_Human_Tool"


def test_rubbish_from_a_tool_is_a_failure(talk: Talk) -> None:
    call = talk.say("C Y M 4 2 7").call
    steps = talk.mind.result(call.id, call.name, {"noise": [1, 2, 3]})
    assert isinstance(steps[0], Say)
    assert "sorry" in steps[0].text.lower()


def test_a_correction_overtakes_the_call_under_way(talk: Talk) -> None:
    old = talk.say("move my flight C Y M 4 2 7 to Monday").call
    new = talk.say("no, Tuesday").call
    assert new.args["new_date"] == "tuesday"
    assert talk.answer("Monday is $10.", "confirm_quote", of=old, quote_id="Q1").said == ""
    talk.answer("Tuesday is $20.", "confirm_quote", of=new, quote_id="Q2").say("yes")
    assert talk.call.args["quote_id"] == "Q2"


def test_a_corrected_reference_is_looked_up_anew(talk: Talk) -> None:
    talk.say("C Y N 4 2 7", "no sorry, it's C Y M 4 2 7")
    assert talk.call.args["booking_reference"] == "CYM427"


def test_the_same_wish_twice_is_one_call(talk: Talk) -> None:
    talk.say("cancel booking C Y M 4 2 7", "please cancel C Y M 4 2 7")
    assert len(talk.calls) == 1


def test_an_interruption_that_says_nothing_does_not_lose_the_call(talk: Talk) -> None:
    lost = talk.say("C Y M 4 2 7").call
    talk.mind.interrupted("One moment,")
    talk.mind.cancelled([lost.id])
    again = talk.say("mm-hmm").call
    assert again.id != lost.id
    assert again.args == lost.args
    assert talk.answer("late", of=lost).said == ""


def test_stop_means_stop(talk: Talk) -> None:
    lost = talk.say("cancel booking C Y M 4 2 7").call
    talk.mind.cancelled([lost.id])
    talk.say("no, stop")
    assert talk.calls == [lost]
    assert "left everything" in talk.said


@pytest.mark.parametrize("stop", ["Wait, stop please.", "Stop.", "Stop talking please."])
def test_stop_said_to_her_speaking_is_no_goodbye(talk: Talk, stop: str) -> None:
    talk.say("C Y M 4 2 7").answer("You fly on Friday.")
    before = len(talk.calls)
    talk.mind.interrupted("You fly")
    talk.say(stop)
    assert len(talk.calls) == before
    assert "Goodbye" not in talk.said


def test_she_takes_up_the_sentence_in_which_she_was_cut(talk: Talk) -> None:
    talk.say("C Y M 4 2 7").answer("You fly to Lisbon. The gate is B 7. It opens at nine.")
    before = talk.said
    talk.mind.interrupted(before[: before.index("gate")])
    assert talk.say("go on").said.startswith("The gate is B 7.")


def test_she_says_it_again(talk: Talk) -> None:
    talk.say("C Y M 4 2 7").answer("You fly on Friday.")
    before = talk.said
    assert talk.say("Sorry, could you repeat that?").said == before


def test_silence_is_asked_about_and_then_ended(talk: Talk) -> None:
    nothing = "[The caller has said nothing for 8 seconds]"
    assert "still there" in talk.say(nothing).said
    assert "can't hear" in talk.say(nothing).said
    talk.say("[The caller does not answer. Say a short goodbye; the call ends after it.]")
    assert "Goodbye" in talk.said
    assert talk.calls == []


def test_the_call_is_ended_when_a_direction_asks_it(talk: Talk) -> None:
    assert talk.say("[Say goodbye and end the call.]").call.name == "End_Call_Tool"


def test_a_call_that_has_to_end_is_explained(talk: Talk) -> None:
    talk.say("[The call has to end now (maintenance). Tell the caller so and say goodbye.]")
    assert "have to end" in talk.said


def test_work_that_takes_longer_is_told(talk: Talk) -> None:
    talk.say("C Y M 4 2 7")
    talk.say("[The work takes a little longer. Tell the caller so in a few words.]")
    assert "still" in talk.said


def test_a_caller_left_without_an_answer_gets_one(talk: Talk) -> None:
    talk.say(
        "[The caller is waiting for your answer. "
        'They said: "cancel my booking C Y M 4 2 7". Answer now, or ask them to repeat.]'
    )
    assert talk.call.name == "Booking_Cancellation_Agent"
    nobody = Talk().say("[The caller is waiting for your answer. Answer now, or ask to repeat.]")
    assert "didn't catch" in nobody.said


def test_a_renewed_connection_goes_on_with_the_broken_sentence(talk: Talk) -> None:
    talk.say("C Y M 4 2 7").answer("You fly to Lisbon. The gate is B 7.")
    heard = talk.said[: talk.said.index("gate")]
    talk.say(
        "[The connection was renewed and the caller is waiting. "
        f'Your last reply broke off after "{heard}". Carry on.]'
    )
    assert talk.said.startswith("The gate is B 7.")


def test_a_fresh_mind_answers_what_was_said_before_the_break() -> None:
    talk = Talk().say(
        "[The connection was renewed and the caller is waiting. "
        'They last said: "I want to cancel my flight". Carry on.]'
    )
    assert "reference" in talk.said


def test_a_result_that_was_not_heard_is_told_again(talk: Talk) -> None:
    talk.say("cancel booking C Y M 4 2 7").answer("$120.", "confirm_quote", quote_id="Q1")
    talk.say(
        "[The caller has not yet heard the result of Booking_Cancellation_Agent: "
        '{"status":"ok","say":"It costs $120 [fee].","next":"confirm_quote"}. Tell them.]'
    )
    assert talk.said == "It costs $120 [fee]. Shall I go ahead?"
    assert talk.say("yes").call.args["quote_id"] == "Q1"


def test_a_note_about_what_was_heard_is_no_request(talk: Talk) -> None:
    note = '[The caller interrupted. Of your last reply they heard only: "Say goodbye"]'
    assert talk.say(note).said == ""


def test_a_call_that_never_went_out_is_made_again(talk: Talk) -> None:
    """The filler was cut, so that the call after it was not sent."""
    lost = talk.say("C Y M 4 2 7").call
    talk.mind.interrupted("One ")
    assert talk.say("my surname is Okafor").call.args == {**lost.args, "surname": "Okafor"}
    assert talk.answer("You fly on Friday.").said
    assert "still" not in talk.say("mumble").said


def test_a_caller_who_comes_back_is_greeted_so() -> None:
    mind = make_mind((), "The caller is back within the same call: nobody answered.")
    assert mind.hear(GREET) == [Say("Hello again, this is Myra. How can I help you?")]


def test_keys_answer_yes_and_no(talk: Talk) -> None:
    talk.say("cancel booking C Y M 4 2 7").answer("$120.", "confirm_quote", quote_id="Q1")
    assert talk.say("[The caller keyed 1]").call.args["action"] == "confirm"
    talk.answer("Done.").say("[The caller keyed 2#]")
    assert talk.call.name == "End_Call_Tool"


def test_keys_give_the_digits_of_a_reference(talk: Talk) -> None:
    talk.say("cancel my flight", "C Y M")
    assert "rest" in talk.said
    assert talk.say("[The caller keyed 427#]").call.args["booking_reference"] == "CYM427"


def test_a_reference_may_be_keyed_whole(talk: Talk) -> None:
    talk.say("cancel my flight", "[The caller keyed 296427#]")
    assert talk.call.args["booking_reference"] == "296427"


def test_zero_calls_a_person(talk: Talk) -> None:
    assert talk.say("[The caller keyed 0]").call.name == "Connect_To_Human_Tool"


def test_a_reference_said_in_two_halves(talk: Talk) -> None:
    talk.say("check my booking", "C Y M", "four two seven")
    assert talk.call.args["booking_reference"] == "CYM427"


def test_thanks_are_answered(talk: Talk) -> None:
    talk.say("C Y M 4 2 7").answer("You fly on Friday.").say("thank you so much")
    assert "welcome" in talk.said


def test_a_caller_who_looks_for_something_is_given_time(talk: Talk) -> None:
    talk.say("cancel my flight", "hold on, let me find it")
    assert "time" in talk.said
    assert talk.say("C Y M 4 2 7").call.name == "Booking_Cancellation_Agent"


WORDS = st.sampled_from(
    [
        *(GREET, "[The caller keyed 1]", "[The caller keyed 427#]", "[The caller said nothing]"),
        *("yes", "no", "cancel my booking", "C Y M 4 2 7", "move it to Friday", "Okafor", "bye"),
        *("how many bags", "a human please", "my bag is lost", "what?", "xyzzy", "thanks", ""),
    ]
)
NEXT = st.sampled_from(
    ["", "ask_surname", "ask_date", "confirm_quote", "new_quote", "offer_person", "ask_seat", "?"]
)
STATUS = st.sampled_from(["ok", "refused", "error", "timeout", "working"])


@given(st.lists(st.tuples(WORDS, NEXT, STATUS, st.booleans()), max_size=25))
def test_any_conversation_keeps_its_promises(
    lines: list[tuple[str, str, str, bool]],
) -> None:
    """Ids are never reused, only declared functions are called, confirming needs a quote."""
    mind = make_mind(DECLARATIONS, "")
    names = {declaration["name"] for declaration in DECLARATIONS}
    open_calls: list[Call] = []
    ids: set[str] = set()
    quotes: set[str] = set()
    for number, (text, following, status, cancel) in enumerate(lines):
        steps = mind.hear(text)
        if open_calls and not cancel:
            call = open_calls.pop(0)
            quote = f"Q{number}"
            response = {"status": status, "say": "So it is.", "next": following, "quote_id": quote}
            quotes |= {quote} if following == "confirm_quote" else set()
            steps += mind.result(call.id, call.name, response)
        elif open_calls:
            mind.interrupted("")
            mind.cancelled([open_calls.pop().id])
        for step in steps:
            if isinstance(step, Say):
                assert step.text.strip()
                continue
            assert step.name in names
            assert step.id not in ids
            ids.add(step.id)
            open_calls.append(step)
            if step.args.get("action") == "confirm":
                assert step.args["quote_id"] in quotes


def test_a_reference_not_understood_is_asked_for_in_other_words_and_then_by_a_person() -> None:
    talk = Talk().say(GREET, "Please send me my ticket", "The surname is Fischer")
    assert "spell" in talk.said
    talk.say("The surname is Fisher")
    assert talk.said.endswith("?") or "spell" in talk.said
    talk.say("The surname is Fisherman")
    assert "colleague" in talk.said
    assert talk.say("Yes, please").call.name == "Connect_To_Human_Tool"


def test_the_surname_of_one_booking_is_not_tried_on_another() -> None:
    talk = Talk().say(GREET, "My reference is C Y M four two seven, the surname is Okafor")
    talk.answer("It is confirmed.")
    talk.say("I have another booking, Q R T five eight zero")
    assert talk.call.args == {"booking_reference": "QRT580"}
