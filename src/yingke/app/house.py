"""Everything one process holds: the database, the live hub, the batchers, the desk of answers, the door for visitors."""

import asyncio
import os
import secrets as random_secrets
from dataclasses import dataclass, field

from yingke.app.agents_here import AgentsHere
from yingke.app.event_tail import EventTail
from yingke.app.hand_over import HandOver
from yingke.app.load import Load
from yingke.app.panel_shapes import PersonAsked
from yingke.app.product_cards import ProductCards
from yingke.app.read_tables import SandboxedTables
from yingke.app.stepped_engine import SteppedEngine
from yingke.app.visitor_door import VisitorDoor
from yingke.assistants.answer import Desk
from yingke.assistants.choose_engine import build_engine
from yingke.assistants.engine import Engine
from yingke.assistants.guarding.guarded_engine import GuardedEngine
from yingke.assistants.guarding.speech import SpeechGuard
from yingke.assistants.own_tools.own_tools import OwnTools
from yingke.assistants.pace import FEWEST, MOST, Pace
from yingke.assistants.team import Team
from yingke.commerce.connections.open_shop import ConnectedShops
from yingke.commerce.imports.tables import TableReader
from yingke.contacts.visitor import Visitor
from yingke.conversations.guarding.load_words import WordGuards
from yingke.conversations.receive import Receiver
from yingke.conversations.reply import Replier
from yingke.kit.db import Database
from yingke.kit.files import Files
from yingke.kit.http import Outgoing
from yingke.kit.live import Hub, SocketEnd
from yingke.kit.rates import Rates
from yingke.kit.secrets import Secrets
from yingke.kit.settings import Settings
from yingke.knowledge.encoder import Encoder
from yingke.knowledge.fold import fold
from yingke.knowledge.index_builder import IndexBuilder
from yingke.knowledge.library import Library
from yingke.knowledge.outside.outside import OutsideModels
from yingke.knowledge.snapshots import Snapshots
from yingke.models.switchboard import Switchboard
from yingke.routing.tell_queue import QueueTeller
from yingke.workspaces.authenticate import Authenticate

HOT_CONNECTIONS = 4


@dataclass
class House:
    """One process. `name` is what it signs its leases with."""

    settings: Settings
    name: str
    dsn: str
    db: Database
    hot: Database
    """A few connections kept free for what visitors say and what answers them: no screen and no search uses them."""
    hub: Hub
    secrets: Secrets
    rates: Rates
    files: Files
    outgoing: Outgoing
    encoder: Encoder
    library: Library
    models: OutsideModels
    switchboard: Switchboard
    engine: Engine
    authenticate: Authenticate
    word_guards: WordGuards
    receiver: Receiver
    replier: Replier
    desk: Desk
    door: VisitorDoor
    hand_over: HandOver
    load: Load
    tail: EventTail
    agents_here: AgentsHere
    queue_teller: QueueTeller
    shops: ConnectedShops
    own_tools: OwnTools
    card_source: ProductCards
    tables: TableReader = field(default_factory=SandboxedTables)
    sockets: set[SocketEnd] = field(default_factory=set)
    agent_sockets: set[SocketEnd] = field(default_factory=set)
    tasks: list["asyncio.Task[None]"] = field(default_factory=list)
    is_draining: bool = False
    installed_sites: set[str] = field(default_factory=set)

    async def visitor_asks_for_person(self, visitor: Visitor, conversation_id: int) -> PersonAsked:
        return await self.hand_over.by_wish(visitor.workspace_id, conversation_id)


async def build_house(settings: Settings, dsn: str, encoder: Encoder) -> House:
    """Opens everything of one process. `dsn` logs in as `yingke_app`; `encoder` is shared by the node."""
    name = f"{os.uname().nodename}-{os.getpid()}-{random_secrets.token_hex(3)}"
    db, hot = await _open_databases(settings, dsn)
    secrets = Secrets.load(settings)
    hub, rates, outgoing = Hub(), Rates(), Outgoing()
    files = Files(settings.data_dir / "files", bytes.fromhex(secrets.sign("files", b"links")))
    own_tools, models = OwnTools(db, encoder, outgoing, secrets, settings), OutsideModels(outgoing, secrets, settings)
    library = _open_library(settings, dsn, db, encoder, models)
    receiver, replier = Receiver(hot, name), Replier(hot)
    hand_over, word_guards = HandOver(db, hub), WordGuards(db, lambda texts: encoder.encode([*map(fold, texts)]))
    switchboard, shops = Switchboard(db, outgoing, secrets, settings), ConnectedShops(db, outgoing, secrets, settings)
    team = Team(db, shops, encoder, own_tools)
    thinking = build_engine(settings, db, library, encoder, outgoing, secrets, switchboard, team.box, team)
    engine = thinking if settings.scripted_model else GuardedEngine(thinking, SpeechGuard(db, word_guards))
    # An answer that takes no thought takes no turns either.
    pace = Pace(fewest=MOST if settings.scripted_model else FEWEST)
    load, stepped = Load(pace, rates, settings), SteppedEngine(engine, pace, switchboard)
    desk = Desk(db, hub, replier, stepped, name, hand_over, encoder, pace, team.comforts)
    return House(
        settings=settings,
        name=name,
        dsn=dsn,
        db=db,
        hot=hot,
        hub=hub,
        secrets=secrets,
        rates=rates,
        files=files,
        outgoing=outgoing,
        encoder=encoder,
        library=library,
        models=models,
        switchboard=switchboard,
        engine=engine,
        authenticate=Authenticate(db, settings, secrets),
        word_guards=word_guards,
        receiver=receiver,
        replier=replier,
        desk=desk,
        door=VisitorDoor(hot, hub, receiver, desk, rates, settings, name),
        hand_over=hand_over,
        load=load,
        tail=EventTail(db, hub),
        agents_here=AgentsHere(db, name),
        queue_teller=QueueTeller(db, hub),
        shops=shops,
        own_tools=own_tools,
        card_source=ProductCards(db, shops),
    )


async def _open_databases(settings: Settings, dsn: str) -> tuple[Database, Database]:
    """For everything, and for messages alone, which wait behind nothing else."""
    everything = await Database.open(dsn, max(1, settings.db_connections - HOT_CONNECTIONS))
    hot = await Database.open(dsn, HOT_CONNECTIONS, name="yingke-messages", plan_cache_mode="force_generic_plan")
    return everything, hot


def _open_library(settings: Settings, dsn: str, db: Database, encoder: Encoder, models: OutsideModels) -> Library:
    cache = settings.data_dir / "cache" / "knowledge"
    return Library(db, encoder, snapshots=Snapshots(cache), models=models, builder=IndexBuilder(dsn, cache))


async def close_house(house: House) -> None:
    """Finishes what was accepted, then closes; what is left over another process finishes."""
    await house.desk.close()
    await house.receiver.batcher.close()
    await house.replier.batcher.close()
    for task in house.tasks:
        task.cancel()
    await asyncio.gather(*house.tasks, return_exceptions=True)
    await house.switchboard.close()
    await house.library.close()
    await house.outgoing.close()
    await house.hot.close()
    await house.db.close()
