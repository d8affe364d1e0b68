"""A traveller's words made comparable with the articles' words. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

# What recognition and people write apart, or hear for another word; the longest are tried first.
_PHRASES: Mapping[str, str] = {
    "carry on": "carryon",
    "carry ons": "carryon",
    "carrion": "carryon",
    "hand luggage": "carryon",
    "hand baggage": "carryon",
    "hand bag": "handbag",
    "cabin baggage": "carryon",
    "cabin luggage": "carryon",
    "cabin bag": "carryon",
    "back pack": "backpack",
    "ruck sack": "backpack",
    "suit case": "suitcase",
    "check in": "checkin",
    "checking in": "checkin",
    "checked in": "checkin",
    "check out": "checkout",
    "e ticket": "eticket",
    "e tickets": "eticket",
    "electronic ticket": "eticket",
    "e mail": "email",
    "wheel chair": "wheelchair",
    "push chair": "stroller",
    "baby carriage": "stroller",
    "car seat": "carseat",
    "child seat": "carseat",
    "power bank": "powerbank",
    "power banks": "powerbank",
    "portable charger": "powerbank",
    "gluten free": "glutenfree",
    "under age": "minor",
    "wait limit": "weight limit",
    "wait allowance": "weight allowance",
    "over weight": "overweight",
    "over size": "oversize",
    "isle seat": "aisle seat",
    "miss connection": "missed connection",
    "real id": "realid",
    "drivers license": "id",
    "driver s license": "id",
    "driving licence": "id",
    "how early": "arrive early",
    "by myself": "alone",
    "by himself": "alone",
    "by herself": "alone",
    "by themselves": "alone",
    "on her own": "alone",
    "on his own": "alone",
    "on their own": "alone",
    "on its own": "alone",
    "without parents": "alone",
    "money back": "refund",
    "get back": "refund",
    "give back": "refund",
    "call off": "cancel",
    "put off": "postpone",
    "push back": "postpone",
    "another day": "change date",
    "different day": "change date",
    "another date": "change date",
    "different date": "change date",
    "other date": "change date",
    "new date": "change date",
    "miss my flight": "missflight",
    "missed my flight": "missflight",
    "miss the flight": "missflight",
    "missed the flight": "missflight",
    "miss my plane": "missflight",
    "missed my plane": "missflight",
    "late for my flight": "missflight",
    "no show": "missflight",
    "cancelled flights": "cancelledflight",
    "cancelled flight": "cancelledflight",
    "canceled flight": "cancelledflight",
    "own food": "ownfood",
    "bring food": "ownfood",
    "take food": "ownfood",
    "bring some food": "ownfood",
    "take a sandwich": "ownfood",
    "bring a sandwich": "ownfood",
    "bring sandwiches": "ownfood",
    "airline cancels": "cancelledflight",
    "airline cancelled": "cancelledflight",
    "you cancel my": "cancelledflight",
    "you cancelled my": "cancelledflight",
    "you canceled my": "cancelledflight",
    "flight is cancelled": "cancelledflight",
    "flight was cancelled": "cancelledflight",
    "flight got cancelled": "cancelledflight",
    "flight has been cancelled": "cancelledflight",
    "flight is canceled": "cancelledflight",
    "flight was canceled": "cancelledflight",
    "flight got canceled": "cancelledflight",
    "flight has been canceled": "cancelledflight",
    "last name": "name",
    "maiden name": "name",
    "family name": "name",
    "how long before": "arrive early",
    "without us": "alone",
    "without me": "alone",
    "without an adult": "alone",
    "without adults": "alone",
    "without a parent": "alone",
    "without their parents": "alone",
    "booking number": "reference",
    "booking code": "reference",
    "reservation number": "reference",
    "reservation code": "reference",
    "confirmation number": "reference",
    "confirmation code": "reference",
    "record locator": "reference",
    "charge my phone": "socket",
    "charge my laptop": "socket",
    "how late can i check in": "checkin close",
    "how late can we check in": "checkin close",
    "how late is it": "clock",
    "broke my leg": "injury",
    "broken leg": "injury",
    "broken foot": "injury",
    "broken arm": "injury",
    "heart attack": "heartattack",
    "flying solo": "alone",
    "fly solo": "alone",
    "pick up": "collect",
    "picks up": "collect",
    "leave the hotel": "checkout hotel",
    "leave the room": "checkout hotel",
    "lose weight": "slimming",
    "phone number": "phonenumber",
    "bank transfer": "banktransfer",
    "give my ticket": "transfer ticket",
    "sell my ticket": "transfer ticket",
    "pass on my ticket": "transfer ticket",
    "someone else": "somebodyelse",
    "somebody else": "somebodyelse",
    "another person": "somebodyelse",
    "other person": "somebodyelse",
}
# One word for all that mean the same here. Plurals in "s" follow by themselves.
_SAME: Mapping[str, str] = {
    word: chosen
    for chosen, words in {
        "baggage": "luggage bag bagage baggages suitcase case trunk duffel holdall",
        "carryon": "handluggage trolley",
        "backpack": "rucksack knapsack daypack",
        "wheelchair": "wheelchairs",
        "stroller": "pram buggy pushchair",
        "infant": "baby newborn babies",
        "child": "kid children toddler son daughter grandson granddaughter nephew niece",
        "teenager": "teen adolescent",
        "pet": "pets",
        "dog": "puppy puppies doggy labrador retriever poodle terrier bulldog chihuahua",
        "cat": "kitten kitty",
        "pregnant": "pregnancy expecting",
        "refund": "reimbursed reimburse reimbursement refunded",
        "cost": "price charge fee costs pricey expensive charges prices pay",
        "weigh": "weight heavy kilo kilos kg kilograms pound pounds lbs heavier",
        "size": "dimensions big large bigger inches measure measurements",
        "date": "day",
        "delay": "delayed late",
        "arrive": "come",
        "wheel": "wheels",
        "meal": "food eat dinner lunch breakfast meals",
        "drink": "beverage beer wine alcohol",
        "medicine": "medication pills drugs meds medications tablets prescription",
        "doctor": "physician",
        "sick": "ill illness unwell",
        "document": "documents paper papers paperwork",
        "id": "identification identity",
        "hotel": "hotels accommodation",
        "seat": "seating",
        "family": "relatives",
        "lost": "missing loose disappeared vanished",
        "damaged": "broken damage ripped cracked torn",
        "group": "groups party",
        "invoice": "bill",
        "name": "surname lastname",
        "misspelled": "typo misspelt spelled spelling wrong",
        "flight": "plane airplane aircraft flights",
        "bicycle": "bike bikes",
        "ski": "skis snowboard",
        "ticket": "tickets",
        "oxygen": "concentrator",
        "married": "marriage wedding divorce divorced",
        "cheap": "discount cheaper",
        "upgrade": "upgraded",
        "change": "reschedule rebook modify switch alter move",
        "quota": "allowance limit limits",
        "begin": "start starts starting begins",
        "choose": "pick select reserve choosing selecting selection",
        "expired": "expire expires invalid",
        "walking": "walk",
        "boarding": "board",
        "left": "forgot forgotten leave",
        "collect": "pickup collects",
        "injury": "injured cast crutches",
        "belongings": "jacket coat wallet glasses sunglasses ipad keys umbrella scarf",
        "company": "employer firm business",
        "reference": "pnr",
        "newspaper": "news",
        "legroom": "leg",
        "overnight": "stuck stranded",
        "allergy": "allergic allergies",
    }.items()
    for word in words.split()
}
# What a word also is: a question about a dog is one about pets, but not the other way round.
_BROADER: Mapping[str, tuple[str, ...]] = {
    "dog": ("pet",),
    "cat": ("pet",),
    "animal": ("pet",),
    "hamster": ("pet", "animal"),
    "parrot": ("bird", "pet"),
    "backpack": ("carryon", "personal"),
    "handbag": ("personal", "carryon"),
    "purse": ("handbag", "personal"),
    "violin": ("instrument",),
    "guitar": ("instrument",),
    "cello": ("instrument",),
    "teenager": ("minor",),
    "minor": ("child",),
    "unaccompanied": ("alone",),
    "grandmother": ("elderly", "assistance"),
    "mother": ("elderly",),
    "father": ("elderly",),
    "disabled": ("disability", "assistance"),
    "injury": ("assistance", "walking"),
    "powerbank": ("battery", "batteries"),
    "shampoo": ("liquid",),
    "water": ("liquid", "drink"),
    "perfume": ("liquid",),
    "toothpaste": ("liquid",),
    "vegetarian": ("meal",),
    "vegan": ("meal",),
    "kosher": ("meal",),
    "halal": ("meal",),
    "postpone": ("change", "date"),
    "earlier": ("change",),
    "golf": ("sports",),
    "surfboard": ("sports",),
    "ski": ("sports",),
    "bicycle": ("sports",),
    "diapers": ("infant",),
    "twins": ("pregnant", "infant"),
    "sandwich": ("meal",),
    "fruit": ("meal",),
    "chocolate": ("meal",),
    "cake": ("meal",),
    "lactose": ("meal",),
    "intolerant": ("meal", "allergy"),
    "celiac": ("glutenfree", "meal"),
    "diabetic": ("meal", "medical"),
    "oversize": ("size",),
    "overweight": ("weigh",),
}
# Words that say nothing about which article is meant.
_STOP = frozenset(
    """
    a about actually after again all also am an and any anything are as ask at away be because
    been before being but by can cannot could cymbol did do does doing done else etc even ever
    every for from get gets getting give go goes going gonna got had has have having he hello her
    here hey hi him his how i if in into is isn it its just kind know let like little ll long
    look looking lot m make may maybe me might mine more most much must my myra need needs no not
    airport passenger passengers yesterday option options pack packing time option alright
    ok many now of off okay on one only onto or other our out over per person please possible
    question quick quickly re really right s said say says she should so some somebody someone
    something
    sure t take takes taking tell than thank thanks that the their them then there these they
    thing things think this those through to today tomorrow too took try trying two uh um under
    until up us use ve very want wanted wants was wasn way we well were what when where whether
    which while who whose why will with won wonder wondering would yes yet you your allowed allow
    bring bringing carry carrying happen happens include included rule rules policy policies
    flight fly flying flown flew travel travels travelling traveling trip airline airlines
    booking book booked hotline myself ourselves next week month year monday tuesday wednesday
    thursday friday saturday sunday one two three four five six seven eight nine ten eleven
    twelve fifteen twenty thirty forty fifty hundred first second old year years hour hours minute
    minutes help helps friend friends brother sister wife husband partner woman women man
    somebody someone anybody anyone never still already soon deadline whats im ive dont cant
    doesnt isnt wont hows wheres both own owns best far maximum problem piece pieces times
    looks don doesn didn aren weren couldn wouldn shouldn haven hasn new phone sixteen
    seventeen eighteen eighty ninety sixty seventy london paris boston chicago miami seattle
    austin denver angeles francisco york america american americans people
    """.split()  # noqa: SIM905  (as words they can be read)
)
_WORD = re.compile(r"[a-z0-9]+")
_LONGEST_PHRASE = max(len(phrase.split()) for phrase in _PHRASES)


def plain(text: str) -> str:
    """The text as the index has it: small letters, slips mended, one word for one meaning."""
    return " ".join(_same(word) for word in _joined(_words(text)))


def concepts(question: str) -> list[tuple[str, ...]]:
    """What a question speaks of: for each content word the word and what it also is."""
    found: dict[str, tuple[str, ...]] = {}
    for word in plain(question).split():
        if word not in _STOP and (len(word) > 1 or word.isdigit()):
            found[word] = (word, *_BROADER.get(word, ()))
    return list(found.values())


def content(texts: Iterable[str]) -> frozenset[str]:
    """The words of texts that say what they are about."""
    return frozenset(word for text in texts for word in plain(text).split() if word not in _STOP)


def slips_of(known: frozenset[str]) -> dict[str, list[str]]:
    """The words that an unknown one may be a slip of, by their first letter: the known ones and
    those that mean the same."""
    found: dict[str, list[str]] = {}
    for word in sorted(known | {one for one, chosen in _SAME.items() if chosen in known}):
        found.setdefault(word[0], []).append(word)
    return found


def _words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(c for c in folded if not unicodedata.combining(c))
    return _WORD.findall(letters.replace("'", " "))


def _joined(words: list[str]) -> Iterator[str]:
    at = 0
    while at < len(words):
        for length in range(_LONGEST_PHRASE, 1, -1):
            phrase = " ".join(words[at : at + length])
            if phrase in _PHRASES and at + length <= len(words):
                yield from _PHRASES[phrase].split()
                at += length
                break
        else:
            yield words[at]
            at += 1


def _same(word: str) -> str:
    if word in _SAME:
        return _SAME[word]
    single = word.removesuffix("s")
    return _SAME.get(single, word) if len(single) > 2 else word
