"""A whole conversation for each function."""

from __future__ import annotations

import pytest

from tests.emulators.brain.talk import GREET, Talk

pytestmark = pytest.mark.pure


@pytest.fixture
def talk() -> Talk:
    return Talk().say(GREET)


def test_a_booking_is_looked_up_as_soon_as_its_reference_is_heard(talk: Talk) -> None:
    talk.say("C Y M four two seven")
    assert talk.call.name == "Flight_Booking_Details_Agent"
    assert talk.call.args == {"booking_reference": "CYM427"}
    talk.answer("May I have the surname, please?", "ask_surname", status="refused")
    assert talk.said == "May I have the surname, please?"
    talk.say("Okafor")
    assert talk.call.args == {"booking_reference": "CYM427", "surname": "Okafor"}
    talk.answer("You fly to Lisbon on Friday at 09:30.")
    assert "Lisbon" in talk.said
    assert talk.said.endswith("?")


def test_the_surname_is_spelled_at_the_second_try(talk: Talk) -> None:
    talk.say("my booking is C Y M 4 2 7").answer("It needs the surname.", "ask_surname")
    talk.say("Okay for").answer("That is not the surname I have.", "ask_surname", status="refused")
    assert "letter by letter" in talk.said
    assert talk.say("O K A F O R").call.args["surname"] == "Okafor"


def test_a_reference_that_is_not_found_is_asked_for_again(talk: Talk) -> None:
    talk.say("cancel my booking", "C Y N 4 2 7")
    talk.answer("I find no such booking.", "ask_reference", status="refused")
    assert "reference" in talk.said
    talk.say("C Y M 4 2 7")
    assert talk.call.name == "Booking_Cancellation_Agent"
    assert talk.call.args["booking_reference"] == "CYM427"


def test_a_question_with_a_hint_is_not_asked_a_second_time(talk: Talk) -> None:
    said = "Could I have your booking reference, please? Three letters and three digits."
    talk.say("cancel my booking", "four five six")
    talk.say("C Y N 4 2 7").answer(said, "ask_reference", status="refused")
    assert talk.said == said


def test_cancelling_is_quoted_then_confirmed(talk: Talk) -> None:
    talk.say("I want to cancel my flight", "C Y M 4 2 7")
    assert talk.call.args["action"] == "quote"
    talk.answer("It costs $120; $340 come back.", "confirm_quote", quote_id="Q1")
    assert talk.said == "It costs $120; $340 come back. Shall I go ahead?"
    talk.say("Yes, cancel it")
    assert talk.call.args == {
        "booking_reference": "CYM427",
        "action": "confirm",
        "quote_id": "Q1",
    }
    talk.answer("Your booking is cancelled.")
    assert talk.said.startswith("Your booking is cancelled.")


@pytest.mark.parametrize("refusal", ["No, leave it", "no", "don't cancel it", "Too expensive"])
def test_nothing_is_confirmed_without_a_yes(talk: Talk, refusal: str) -> None:
    talk.say("cancel booking C Y M 4 2 7")
    talk.answer("It costs $120.", "confirm_quote", quote_id="Q1").say(refusal)
    assert len(talk.calls) == 1
    assert "left everything" in talk.said


def test_saying_the_wish_again_is_a_yes(talk: Talk) -> None:
    talk.say("cancel booking C Y M 4 2 7").answer("$120.", "confirm_quote", quote_id="Q1")
    assert talk.say("Cancel it.").call.args["action"] == "confirm"


def test_a_quote_that_expired_is_asked_for_anew(talk: Talk) -> None:
    talk.say("cancel booking C Y M 4 2 7").answer("$120.", "confirm_quote", quote_id="Q1")
    talk.say("yes").answer("That price is gone.", "new_quote", status="refused")
    assert talk.call.args["action"] == "quote"
    assert "quote_id" not in talk.call.args
    talk.answer("It costs $130 now.", "confirm_quote", quote_id="Q2").say("yes")
    assert talk.call.args["quote_id"] == "Q2"


def test_the_date_is_changed_after_a_correction(talk: Talk) -> None:
    talk.say("I need to change my flight", "C Y M 4 2 7").answer("You fly on Friday.")
    assert "date" in talk.said
    talk.say("next Monday").answer("$40.", "confirm_quote", quote_id="Q1")
    talk.say("No, I meant Tuesday")
    assert talk.call.args["new_date"] == "tuesday"
    assert talk.call.args["action"] == "quote"
    talk.answer("$60.", "confirm_quote", quote_id="Q2").say("go ahead")
    assert talk.call.args["quote_id"] == "Q2"


def test_a_date_without_seats_is_asked_for_again(talk: Talk) -> None:
    talk.say("move my flight C Y M 4 2 7 to Friday")
    talk.answer("Friday is full.", "ask_date", status="refused")
    assert "date" in talk.said
    assert talk.say("Saturday then").call.args["new_date"] == "saturday"


def test_the_booking_is_looked_up_before_more_is_asked(talk: Talk) -> None:
    talk.say("change my date please", "C Y M 4 2 7")
    assert talk.call.name == "Flight_Booking_Details_Agent"
    talk.answer("The surname, please?", "ask_surname", status="refused").say("Okafor")
    assert talk.call.name == "Flight_Booking_Details_Agent"
    talk.answer("You fly to Lisbon on Friday.")
    assert talk.said.startswith("Thank you, I have it here. You fly to Lisbon on Friday.")
    assert "date" in talk.said
    talk.say("Sunday")
    assert talk.call.name == "DateChangeAgent"
    assert talk.call.args["surname"] == "Okafor"


def test_a_booking_once_opened_is_not_looked_up_again(talk: Talk) -> None:
    talk.say("C Y M 4 2 7").answer("You fly on Friday.").say("I want to change the date")
    assert len(talk.calls) == 1
    assert "date" in talk.said


def test_the_article_is_named(talk: Talk) -> None:
    talk.say("how many bags can I take?").answer("One of 23 kg.", title="Baggage")
    assert "article called Baggage" in talk.said


def test_a_number_to_call_back_is_taken(talk: Talk) -> None:
    talk.say("operator")
    talk.answer("Which number suits you?", "ask_details", status="refused")
    talk.say("[The caller keyed 4155550123#]")
    assert talk.call.name == "Connect_To_Human_Tool"


def test_a_name_is_corrected(talk: Talk) -> None:
    talk.say("My name is spelled wrong", "C Y M 4 2 7").answer("It is for Catherine Okafor.")
    assert "spell" in talk.said
    talk.say("K A T H E R I N E")
    assert talk.call.name == "NameCorrectionAgent"
    assert talk.call.args["corrected_name"] == "Katherine"
    talk.answer("Which passenger is it?", "ask_passenger", status="refused").say("Lena Okafor")
    assert talk.call.args["passenger"] == "Lena Okafor"
    assert talk.call.args["corrected_name"] == "Katherine"


def test_check_in_with_a_seat(talk: Talk) -> None:
    talk.say("Check me in please, a window seat if you can", "C Y M 4 2 7")
    assert talk.call.name == "Webcheckin_And_Boarding_Pass_Agent"
    assert talk.call.args["seat"] == "window"
    talk.answer("Windows are taken. An aisle seat is free.", "ask_seat", status="refused")
    assert talk.say("Aisle is fine").call.args["seat"] == "aisle"


def test_the_ticket_is_sent(talk: Talk) -> None:
    talk.say("Send me my ticket", "C Y M 4 2 7")
    assert talk.call.name == "Eticket_Sender_Agent"
    talk.answer("By e-mail or by text message?", "ask_channel", status="refused")
    assert talk.say("Text message").call.args["channel"] == "sms"


@pytest.mark.parametrize(
    ("wish", "kind"),
    [
        ("I need a wheelchair", "wheelchair"),
        ("I'd like a vegan meal on board", "meal"),
        ("My suitcase was lost in Lisbon", "baggage"),
        ("My flight was delayed by five hours", "delay"),
    ],
)
def test_claims(talk: Talk, wish: str, kind: str) -> None:
    talk.say(wish, "C Y M 4 2 7")
    assert talk.call.name == "SpecialClaimAgent"
    assert talk.call.args["kind"] == kind
    assert talk.call.args["details"] == wish


def test_a_claim_is_asked_what_about(talk: Talk) -> None:
    talk.say("I want to make a claim")
    assert "baggage" in talk.said
    talk.say("baggage", "C Y M 4 2 7").answer("You fly on Friday.")
    assert "what happened" in talk.said
    talk.say("It never arrived in Lisbon on Monday")
    assert talk.call.args["details"] == "It never arrived in Lisbon on Monday"


def test_a_refund_is_found(talk: Talk) -> None:
    talk.say("Where is my refund?", "C Y M 4 2 7")
    assert talk.call.name == "ObservabilityAgent"


def test_a_question_is_answered_in_the_middle_of_something_else(talk: Talk) -> None:
    talk.say("cancel booking C Y M 4 2 7").answer("$120.", "confirm_quote", quote_id="Q1")
    talk.say("How many bags can I take?")
    assert talk.call.name == "Enquiry_Tool"
    assert talk.call.args == {"question": "How many bags can I take?"}
    talk.answer("One of 23 kg.")
    assert talk.said == "One of 23 kg. Shall I go ahead?"
    assert talk.say("yes").call.args["quote_id"] == "Q1"


def test_a_person_is_called_with_what_it_is_about(talk: Talk) -> None:
    talk.say("I want to cancel", "let me talk to a human")
    assert talk.call.name == "Connect_To_Human_Tool"
    assert "cancel" in talk.call.args["reason"]
    talk.answer("I'm putting you through now.")
    assert talk.said == "I'm putting you through now."


def test_out_of_hours_the_talk_goes_on(talk: Talk) -> None:
    talk.say("operator").answer("Nobody is there at night.", status="refused")
    assert "anything else" in talk.said


def test_goodbye_is_said_before_the_call_ends(talk: Talk) -> None:
    steps = talk.mind.hear("That's all, thank you, goodbye")
    assert [type(step).__name__ for step in steps] == ["Say", "Call"]
    talk = talk.say("bye")
    assert talk.call.name == "End_Call_Tool"
    assert talk.answer("ok").said == ""


def test_no_to_anything_else_is_goodbye(talk: Talk) -> None:
    talk.say("C Y M 4 2 7").answer("You fly on Friday.").say("No, thank you")
    assert talk.call.name == "End_Call_Tool"


def test_several_errands_share_one_booking(talk: Talk) -> None:
    talk.say("C Y M 4 2 7").answer("The surname, please?", "ask_surname").say("Okafor")
    talk.answer("You fly on Friday.")
    talk.say("Can I move it to Sunday?")
    assert talk.call.name == "DateChangeAgent"
    assert talk.call.args["surname"] == "Okafor"
    talk.answer("$40.", "confirm_quote", quote_id="Q1").say("actually, cancel the whole trip")
    assert talk.call.name == "Booking_Cancellation_Agent"
    assert talk.call.args["booking_reference"] == "CYM427"


def test_the_whole_reference_is_never_read_back(talk: Talk) -> None:
    talk.say("C Y M 4 2 7").answer("Booking CYM427 (C Y M 4 2 7) is confirmed.")
    assert "CYM" not in talk.said
    assert "C Y M" not in talk.said
    assert "ending in 4 2 7" in talk.said
