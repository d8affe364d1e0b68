"""The composition root: opens every room once, and a conversation for every line."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import functools
import logging
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from google import genai

from conversation.gemini.client import open_client
from conversation.gemini.config import Setup
from conversation.gemini.counters import ModelCounters
from conversation.gemini.instructions import instruction
from conversation.gemini.live import GeminiModel
from conversation.gemini.settings import Backend, GeminiSettings
from conversation.journal import JournalFolder
from conversation.line import Ending, Line, LineInfo
from conversation.runtime import Conversation, Observer
from hotline import unfinished
from hotline.audio_recording import RecordingFolder
from hotline.browser import browser_door
from hotline.emulator import running_emulator
from hotline.endings import SharedEndings
from hotline.errors import HouseError, database_url_named
from hotline.logs import on_call, with_trace
from hotline.observing.observation import Observation
from hotline.observing.tracing import Tracing
from hotline.prompts import read_prompts
from hotline.recording import DatabaseRecorder, Watcher
from hotline.retention import Folders, Retention
from hotline.settings import Settings
from media.audio import Audio
from media.speech import SileroModel
from telephony.door import PhoneDoor, open_door
from tools.articles import open_articles
from tools.call_archive import CallArchive
from tools.call_records import CallStore
from tools.contract import Caller
from tools.database import Database
from tools.declare import Shop
from tools.documents import PdfDocuments
from tools.messages import Shelf, open_messenger, open_shelf
from tools.migrations import is_behind, upgrade
from tools.seed import seed
from tools.settings import ToolSettings
from tools.shop import TOOLS, open_desk
from web_demo.server.calls import CallsSeam
from web_demo.server.door import BrowserDoor
from web_demo.server.insight import InsightObserver

log = logging.getLogger(__name__)

SETTLE_SECONDS = 10.0


def now() -> dt.datetime:
    """The present instant; the one clock that the tools are given."""
    return dt.datetime.now(dt.UTC)


@dataclass(slots=True)
class House:
    """Everything a process shares. ``live`` are the conversations under way, by line id."""

    settings: Settings
    database: Database
    recorder: DatabaseRecorder
    shop: Shop
    client: genai.Client
    speech: SileroModel
    door: PhoneDoor
    journals: JournalFolder | None
    shelf: Shelf | None
    prompts: Mapping[str, Audio]
    observation: Observation
    browser: BrowserDoor
    recordings: RecordingFolder | None = None
    model_counters: ModelCounters = field(default_factory=ModelCounters)
    live: dict[str, Conversation] = field(default_factory=dict)

    async def converse(self, line: Line, watching: Sequence[Observer] = ()) -> Ending:
        """A whole conversation on a line that is up, with who else is ``watching`` it; how it let
        go of the line."""
        name = line.info.id
        observers = [*self.observation.observers(line.info), *watching]
        observers.append(InsightObserver(record=functools.partial(self.recorder.record, name)))
        if self.journals:
            observers.append(self.journals.open(name))
        if self.recordings:
            observers.append(self.recordings.open(name, self.prompts))
        conversation = self._conversation(line, observers)
        self.live[name] = conversation
        try:
            with on_call(name):
                return await conversation.run()
        finally:
            # A newer stream of the same call holds its place by now.
            if self.live.get(name) is conversation:
                del self.live[name]

    @property
    def calls(self) -> CallsSeam:
        """What the list of calls is made of."""
        folders = Folders.below(self.settings.server.data_folder)
        archive = CallArchive(self.database)
        return CallsSeam(archive, lambda: self.live, folders.recordings, folders.journals)

    def _conversation(self, line: Line, observers: list[Observer]) -> Conversation:
        info, gemini = line.info, self.settings.gemini
        caller = Caller(info.call or info.id, info.door, info.caller, info.attested)
        desk = open_desk(caller, self.shop)
        told = instruction(
            [tool.name for tool in desk.declarations],
            today=self.shop.clock().date(),
            caller=_known(info),
            returning=info.returning,
        )
        local = self.settings.talk.turn_taking == "local"
        model = GeminiModel(
            self.client,
            gemini,
            Setup(told, desk.declarations, local_turns=local),
            conversation=info.id,
            counters=self.model_counters,
        )
        return Conversation(
            line,
            model,
            desk,
            settings=self.settings.talk,
            detector=self.speech.detector(info.input_rate),
            recorder=self.recorder,
            prompts=self.prompts,
            observers=observers,
            model_name=gemini.answering,
        )


def _known(info: LineInfo) -> str:
    """What the model may know of the caller before a word is said. Never the number."""
    if info.door != "phone":
        return "speaks from the browser, not by telephone."
    return "calls by telephone." + ("" if info.caller else " The number is withheld.")


@contextlib.asynccontextmanager
async def open_house(settings: Settings, *, watcher: Watcher | None = None) -> AsyncIterator[House]:
    """Open every room; close them in the opposite order on the way out.

    Raises:
        HouseError, ClientError, EmulatorFailed, DatabaseUnavailable: says what to mend.
    """
    folder = settings.server.data_folder
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise HouseError(f"HOTLINE_DATA_FOLDER={folder}: {error.strerror}") from None
    async with contextlib.AsyncExitStack() as stack:
        gemini = await _model_at(settings, stack)
        settings = replace(settings, gemini=gemini)
        database = await _database(settings.tools, stack)
        await unfinished.report(database, now())
        recorder = DatabaseRecorder(CallStore(database), watcher)
        shelf = open_shelf(settings.messages, now)
        shop = Shop(
            database=database,
            messenger=open_messenger(settings.messages, now, shelf),
            documents=PdfDocuments(),
            articles=open_articles(),
            clock=now,
            settings=settings.tools,
        )
        client = open_client(gemini)
        speech = SileroModel()

        async def converse(line: Line, watching: Sequence[Observer] = ()) -> Ending:
            return await house.converse(line, watching)

        shared = SharedEndings(recorder.store)
        door = open_door(settings.phone, converse, time.monotonic, endings=shared)
        stack.push_async_callback(door.aclose)
        observation = _observation(settings, gemini, door, stack)
        journals = _journals(settings, stack)
        recordings = _recordings(settings, stack)
        prompts = read_prompts(settings.server.prompts_folder)
        browser = browser_door(settings.web, recorder.record, converse, lambda: house.live)
        browser.emulated = settings.gemini.backend is Backend.EMULATOR
        house = House(
            settings,
            database,
            recorder,
            shop,
            client,
            speech,
            door,
            journals,
            shelf,
            prompts,
            observation,
            browser,
            recordings,
        )
        retention = Retention(database, Folders.below(folder), settings.server.keep_days, now)
        async with asyncio.TaskGroup() as tasks:
            writer = tasks.create_task(recorder.run(), name="call records")
            deleting = tasks.create_task(retention.run(), name="retention")
            async with browser.open():
                yield house
            await recorder.settle(SETTLE_SECONDS)
            writer.cancel()
            deleting.cancel()


def _observation(
    settings: Settings, gemini: GeminiSettings, door: PhoneDoor, stack: contextlib.AsyncExitStack
) -> Observation:
    traces = settings.traces
    observation = Observation(
        [declaration.name for declaration in TOOLS.declarations],
        gemini,
        clock=time.monotonic,
        wall=time.time_ns,
        draining=lambda: not door.live.accepting,
        tracing=Tracing(traces, settings.server.version) if traces.endpoint else None,
    )
    stack.push_async_callback(observation.aclose)
    stack.enter_context(with_trace(observation.trace_of))
    return observation


def _journals(settings: Settings, stack: contextlib.AsyncExitStack) -> JournalFolder | None:
    if not settings.server.journals:
        return None
    folder = settings.server.data_folder / "journals"
    try:
        return stack.enter_context(JournalFolder(folder, masked=settings.talk.journal_masked))
    except OSError as error:
        raise HouseError(f"HOTLINE_DATA_FOLDER: {folder}: {error.strerror}") from None


def _recordings(settings: Settings, stack: contextlib.AsyncExitStack) -> RecordingFolder | None:
    server = settings.server
    if not server.recordings:
        return None
    folder = Folders.below(server.data_folder).recordings
    try:
        return stack.enter_context(
            RecordingFolder(folder, rate=server.recording_rate, codec=server.recording_codec)
        )
    except OSError as error:
        raise HouseError(f"HOTLINE_DATA_FOLDER: {folder}: {error.strerror}") from None


async def _model_at(settings: Settings, stack: contextlib.AsyncExitStack) -> GeminiSettings:
    """The model's settings; with none configured, the embedded emulator is started."""
    gemini = settings.gemini
    if gemini.backend is not Backend.EMULATOR or gemini.base_url:
        return gemini
    state = settings.server.data_folder / "emulator"
    emulator = await stack.enter_async_context(
        running_emulator(state, voice=settings.server.emulator_voice)
    )
    return gemini.model_copy(update={"base_url": emulator.base_url, "ca_file": emulator.ca_file})


async def _database(settings: ToolSettings, stack: contextlib.AsyncExitStack) -> Database:
    """The database; the embedded one is created, brought up to date and filled."""
    with database_url_named():
        database = Database(
            settings.database_url,
            pool=settings.database_pool,
            wait_seconds=settings.database_wait_seconds,
        )
    stack.push_async_callback(database.close)
    if database.embedded:
        await upgrade(settings.database_url)
        await seed(database, now())
    await database.check()
    if await is_behind(database):
        raise HouseError("DATABASE_URL: its tables are not up to date. Run: hotline db upgrade")
    return database


async def seed_database(settings: ToolSettings, *, anew: bool) -> bool:
    """Bring a database up to date and put the demonstration bookings in."""
    with database_url_named():
        database = Database(settings.database_url, wait_seconds=settings.database_wait_seconds)
    try:
        await upgrade(settings.database_url)
        return await seed(database, now(), anew=anew)
    finally:
        await database.close()
