"""Build the assistant: settings, storage, channels, commands and jobs."""

from collections.abc import Callable, Collection, Mapping
from functools import cache

import handlers
import scheduler
from bot.assistant.answering import Assistant
from bot.assistant.rephrasing import Rephrasing
from bot.branch.console import live_settings
from bot.branch.people import members
from bot.channels import Channel, Sender
from bot.channels.aibot import AiBot
from bot.channels.official import Official
from bot.channels.rephrase import Rephraser
from bot.channels.robot import Robots
from bot.channels.wecom import WeCom
from bot.clock import Clock, WallClock
from bot.command import (
    Answering,
    Command,
    Commands,
    Drafting,
    Overhearing,
    Receiving,
    Referring,
)
from bot.config.live import Overlay
from bot.config.settings import Config
from bot.discover import collect
from bot.files.print.own import use_folder
from bot.storage.database import Storage, take_turn
from bot.understanding.reading import Understanding
from scheduler.job import Job
from scheduler.runner import crons_of


def build_assistant(
    config: Config,
    *,
    storage: Storage,
    clock: Clock | None = None,
    wake: Callable[[], None] | None = None,
    hears: bool = True,
) -> Assistant:
    """Wire the assistant; the settings' branch and secretaries exist afterwards.

    hears: False for a process that only delivers or winds the clock: it knows no
    commands and saves the memory of understanding them.
    """
    clock = clock or WallClock(config.timezone)
    use_folder(config.cards.folder)
    overlay = Overlay(config, crons_of(all_jobs(), config))
    config = overlay.config
    with storage.write() as session:
        take_turn(session, "start", patient=True)  # several may start at once
        branch = members.ensure_root(session, config.branch.name)
        names = config.branch.secretaries
        members.ensure_secretaries(session, names, branch, clock.now())
        overlay.lay(live_settings.current(session), live_settings.version(session))
    channels = build_channels(config, storage, clock)
    commands, understanding = learn() if hears else (Commands([]), Understanding([]))
    return Assistant(
        config=config,
        overlay=overlay,
        clock=clock,
        storage=storage,
        channels=channels,
        senders=build_senders(config, storage, channels),
        commands=commands,
        understanding=understanding,
        wake=wake or _nobody,
        rephrasing=build_rephrasing(config, storage),
    )


def build_rephrasing(config: Config, storage: Storage) -> Rephrasing | None:
    """Without [rephrase] in the settings there is nobody to ask."""
    if config.rephrase is None:
        return None
    return Rephrasing(Rephraser(config.rephrase), storage)


def build_channels(
    config: Config, storage: Storage, clock: Clock
) -> Mapping[str, Channel]:
    """Name the platforms that people can write on, of those that are set up."""
    channels: dict[str, Channel] = {}
    if config.wecom:
        channels["wecom"] = WeCom(config.wecom, storage, clock)
    if config.official:
        name = config.branch.name
        channels["official"] = Official(config.official, storage, clock, name)
    if config.aibot:
        channels["aibot"] = AiBot(config.aibot, storage, clock)
    return channels


def build_senders(
    config: Config, storage: Storage, channels: Mapping[str, Channel]
) -> Mapping[str, Sender]:
    """Name all that letters go through: the channels, and the group robots."""
    robots = {"robot": Robots(config.robots, storage)} if config.robots else {}
    return {**channels, **robots}


def names_away(senders: Mapping[str, Sender]) -> Collection[str]:
    """Name the channels that another process holds: their letters go out there."""
    robot = senders.get("aibot")
    is_away = isinstance(robot, AiBot) and not robot.is_here
    return ("aibot",) if is_away else ()


def build_commands() -> Commands:
    return Commands(
        collect(handlers, Command),
        collect(handlers, Answering),
        collect(handlers, Overhearing),
        collect(handlers, Drafting),
        collect(handlers, Referring),
        collect(handlers, Receiving),
    )


@cache
def learn() -> tuple[Commands, Understanding]:
    """Learn the commands, once for all assistants of a process."""
    commands = build_commands()
    return commands, Understanding(commands.by_intent.values())


def all_jobs() -> list[Job]:
    return list(collect(scheduler, Job))


def _nobody() -> None:
    """No deliverer to wake: the next sweep finds the letters."""
