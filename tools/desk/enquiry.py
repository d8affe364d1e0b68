"""Enquiry_Tool: questions of policy, answered from the articles."""

from __future__ import annotations

from tools.declare import Arguments, Deed, spoken, tool
from tools.outcome import Next, Outcome, done, refused


class EnquiryArguments(Arguments):
    question: str = spoken(
        "The traveller's question in a few words",
        "What would you like to know?",
        Next.ASK_QUESTION,
        max_length=500,
    )


@tool(
    "Enquiry_Tool",
    "Answers questions of policy: baggage, check-in times, documents, pets, children, refunds "
    "and the like. No booking is needed. Say only what the answer says, and name the article.",
    seconds=5,
)
async def enquire(args: EnquiryArguments, deed: Deed) -> Outcome:
    passage = await deed.shop.articles.search(args.question)
    if passage is None:
        return refused("I have no article about that. A colleague may know.", Next.OFFER_PERSON)
    return done(passage.text, article=passage.article, title=passage.title)
