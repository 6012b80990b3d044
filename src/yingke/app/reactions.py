"""The one screen that lists what is set in motion later: jobs by kind, and what happens by the clock.

What an event sets in motion `now` stands in the verb that records it, in the same transaction.
"""

from collections.abc import Awaitable, Callable
from functools import partial

from yingke.app.give_out import TEND_SECONDS, give_out, pass_on_unseen, tend_queues
from yingke.app.house import House
from yingke.app.sweep import sweep_files, sweep_rows
from yingke.app.watch_agent import KIND as WATCH_AGENT
from yingke.app.watch_agent import look_after
from yingke.assistants.evaluate.follow_model import follow_model
from yingke.assistants.evaluate.gate import KIND as GOLDEN_GATE
from yingke.assistants.evaluate.gate import golden_gate
from yingke.assistants.evaluate.run_golden import KIND as GOLDEN_RUN
from yingke.assistants.evaluate.run_golden import run_job
from yingke.assistants.evaluate.trial import TrialEngines
from yingke.assistants.help.suggest_ahead import suggest_ahead
from yingke.assistants.help.summarise import summarise_later
from yingke.assistants.leads.note_lead import note_lead
from yingke.assistants.sense_later import KIND as SENSE
from yingke.assistants.sense_later import sense_messages
from yingke.assistants.shadow.run_shadow import SHADOW, run_shadow
from yingke.assistants.told.judge_soon import KIND as JUDGE_LEAD
from yingke.assistants.wants_person import wants_person
from yingke.commerce.connections.parcels import SUBSCRIBE, subscribe_parcels
from yingke.commerce.connections.purge import PURGE as PURGE_SHOP
from yingke.commerce.connections.purge import purge_shop
from yingke.commerce.connections.pushes import PUSHES, do_pushes
from yingke.commerce.connections.sync import SYNC as SYNC_SHOP
from yingke.commerce.connections.sync import Syncing as ShopSyncing
from yingke.commerce.connections.sync import sync_shop
from yingke.commerce.imports.drop_folder import watch_drop_folders
from yingke.commerce.imports.imports import FORGET as SHOP_FORGET
from yingke.commerce.imports.imports import IMPORT as SHOP_IMPORT
from yingke.commerce.imports.imports import UNDO as SHOP_UNDO
from yingke.commerce.imports.run_import import forget_import_file as forget_shop_file
from yingke.commerce.imports.run_import import run_import as run_shop_import
from yingke.commerce.imports.undo import run_undo
from yingke.commerce.orders.link_purchases import link_all_purchases
from yingke.commerce.requests.carry_on import carry_on_later
from yingke.commerce.requests.claim_request import CARRY_ON
from yingke.conversations.ask_for_summary import KIND as SUMMARISE
from yingke.conversations.follow_ups.follow_up import DUE as FOLLOW_UP_DUE
from yingke.conversations.follow_ups.remind_due import remind_due
from yingke.conversations.guarding.check_saved import KIND as CHECK_SAVED
from yingke.conversations.guarding.check_saved import check_saved
from yingke.conversations.translation.translate_talk import KIND as TRANSLATE_TALK
from yingke.conversations.translation.translate_talk import translate_talk
from yingke.kit.jobs import Handler
from yingke.knowledge.calibration.tune_after import tune_after
from yingke.knowledge.contradictions.find_contradictions import find_contradictions
from yingke.knowledge.ingest import purge_document, run_ingest
from yingke.knowledge.large.fit_large import fit_large
from yingke.knowledge.outside.learn_space import learn_space
from yingke.knowledge.pairs.duplicates import find_duplicates
from yingke.knowledge.pairs.model_door import ModelDoor
from yingke.knowledge.pairs.propose import PROPOSE, propose_pairs
from yingke.knowledge.past.imports import FORGET, IMPORT, PURGE
from yingke.knowledge.past.run_import import forget_import_file, purge_import, run_import
from yingke.knowledge.qa_pairs import DUPLICATES
from yingke.knowledge.questions.follow import KIND as FOLLOW_QUESTIONS
from yingke.knowledge.questions.follow import call_followers, follow_questions
from yingke.knowledge.sources.fetch_page import Door
from yingke.knowledge.sources.sync import SYNC, Syncing, sync_source
from yingke.models.breaker import Breakers
from yingke.routing.give import PASS_ON
from yingke.routing.rules.trial import KIND as RULE_TRIAL
from yingke.routing.rules.trial import run_trial
from yingke.workspaces.deliver_webhooks import deliver_webhooks
from yingke.workspaces.feed_webhooks import KIND as WEBHOOK
from yingke.workspaces.wake_routing import KIND as ASSIGN

Schedule = tuple[float, Callable[[], Awaitable[object]]]


def handlers_of(house: House) -> dict[str, Handler]:
    """Job kind → who does it."""
    door = ModelDoor(house.outgoing, house.secrets, house.settings, Breakers(), house.switchboard)
    trials = TrialEngines(house.db, house.library, house.outgoing, house.secrets, house.settings, house.switchboard)
    return {
        "ingest": partial(run_ingest, house.db, house.files, house.library),
        "purge_document": partial(purge_document, house.db),
        "find_contradictions": partial(find_contradictions, house.db, house.library),
        PROPOSE: partial(propose_pairs, house.db, door),
        SYNC: partial(
            sync_source, Syncing(house.db, house.files, Door(house.outgoing, house.settings.allow_private_urls))
        ),
        DUPLICATES: partial(find_duplicates, house.db, house.encoder),
        "fit_large": partial(fit_large, house.db),
        "learn_space": partial(learn_space, house.db, house.models),
        "hand_off": house.hand_over.finish,
        TRANSLATE_TALK: partial(translate_talk, house.db, house.switchboard),
        SENSE: partial(
            suggest_ahead, partial(sense_messages, house.db, house.encoder), house.db, house.engine, house.shops
        ),
        JUDGE_LEAD: partial(note_lead, house.db),
        SUMMARISE: partial(summarise_later, house.db, house.switchboard),
        IMPORT: partial(run_import, house.db, house.files, house.encoder, wants_person),
        FORGET: partial(forget_import_file, house.db, house.files),
        PURGE: partial(purge_import, house.db, house.files),
        SHOP_IMPORT: partial(run_shop_import, house.db, house.files, house.tables),
        SHOP_UNDO: partial(run_undo, house.db),
        SHOP_FORGET: partial(forget_shop_file, house.db, house.files),
        CARRY_ON: partial(carry_on_later, house.db, house.shops),
        SHADOW: partial(run_shadow, house.db, house.engine, house.encoder),
        FOLLOW_UP_DUE: partial(remind_due, house.db, house.hub),
        CHECK_SAVED: partial(check_saved, house.word_guards, house.db),
        FOLLOW_QUESTIONS: partial(follow_questions, house.db, house.library, wants_person),
        GOLDEN_RUN: partial(tune_after, partial(run_job, house.db, house.engine, trials), house.db),
        GOLDEN_GATE: partial(golden_gate, house.db, house.engine, house.library),
        SYNC_SHOP: partial(sync_shop, ShopSyncing(house.db, house.shops)),
        PUSHES: partial(do_pushes, house.db, house.shops),
        PURGE_SHOP: partial(purge_shop, house.db),
        SUBSCRIBE: partial(subscribe_parcels, house.db, house.shops, house.settings),
        WATCH_AGENT: partial(look_after, house),
        ASSIGN: partial(give_out, house),
        PASS_ON: partial(pass_on_unseen, house),
        RULE_TRIAL: partial(run_trial, house.db),
        WEBHOOK: partial(deliver_webhooks, house.db, house.outgoing, house.secrets, house.settings),
    }


def schedules_of(house: House) -> dict[str, Schedule]:
    """Name → (seconds between runs, what runs). Each runs in one process at a time."""
    return {
        "tend_queues": (TEND_SECONDS, partial(tend_queues, house)),
        "call_followers": (20.0, partial(call_followers, house.db)),
        "follow_model": (30.0, partial(follow_model, house.db)),
        "watch_drop_folders": (
            60.0,
            partial(
                watch_drop_folders,
                house.db,
                house.files,
                house.settings.drop_dir,
                house.settings.max_file_mb * 1_000_000,
            ),
        ),
        "link_purchases": (300.0, partial(link_all_purchases, house.db)),
        "sweep_rows": (3600.0, partial(sweep_rows, house.db)),
        "sweep_files": (3600.0, partial(sweep_files, house.db, house.files)),
    }
