"""What visitors sent, what was acknowledged, what was heard, what the log says in the end; and whether it all fits.

Knows nothing of the product's inside. Lines may be written as JSON for another checker.
"""

import hashlib
import itertools
import json
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


def body_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass
class History:
    """One run. `tenant` is the workspace, `mid` the client's own message id, unique in it."""

    tenant: str
    lines: list[dict[str, Any]] = field(default_factory=list)

    def add(self, ev: str, **facts: Any) -> None:
        self.lines.append({"ev": ev, "ts": time.monotonic(), "tenant": self.tenant, **facts})

    def write(self, path: Path) -> None:
        """The whole run for a checker that knows nothing of us: each line names its conversation and message."""
        finals = {line["conv"]: line["items"] for line in self.of("final")}
        conv_of = {item["mid"]: conv for conv, items in finals.items() for item in items}
        at = {(conv, item["seq"]): item for conv, items in finals.items() for item in items}
        lines = []
        for line in self.lines:
            if line["ev"] == "send":
                line = {**line, "conv": conv_of.get(line["mid"], "")}
            elif line["ev"] == "deliver":
                item = at.get((line["conv"], line["seq"]), {})
                line = {**line, "mid": item.get("mid") if item.get("from") == "contact" else None}
            elif line["ev"] == "final":
                line = {**line, "items": [_public(item) for item in line["items"]]}
            lines.append(line)
        for items in finals.values():
            lines += [
                {"ev": "reply", "ts": time.monotonic(), "tenant": self.tenant, **fact} for fact in _replies(items)
            ]
        path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines))

    def of(self, ev: str) -> list[dict[str, Any]]:
        return [line for line in self.lines if line["ev"] == ev]

    def violations(self) -> list[str]:
        """Every broken promise as a sentence; empty when all held. A run without final reads proves nothing."""
        finals = {line["conv"]: line["items"] for line in self.of("final")}
        if not finals:
            return ["INCONCLUSIVE: nothing was read in the end"]
        found = [*self._check_log(finals), *self._check_acks(finals), *self._check_replies(finals)]
        return [*found, *self._check_heard(finals)]

    def _check_log(self, finals: dict[str, list[dict[str, Any]]]) -> list[str]:
        found = []
        sent = {line["mid"]: line for line in self.of("send")}
        for conv, items in finals.items():
            seqs = [item["seq"] for item in items]
            if seqs != list(range(1, len(seqs) + 1)):
                found.append(f"SEQ_GAP in {conv}: {seqs[:20]}")
            own = [item for item in items if item["from"] == "contact"]
            for mid, times in Counter(item["mid"] for item in own).items():
                if times > 1:
                    found.append(f"DUP_LOG {mid} stands {times} times in {conv}")
            for item in own:
                if item["mid"] not in sent:
                    found.append(f"PHANTOM {item['mid']} in {conv}")
                elif sent[item["mid"]]["h"] != item["h"]:
                    found.append(f"CORRUPT {item['mid']}")
        return found

    def _check_acks(self, finals: dict[str, list[dict[str, Any]]]) -> list[str]:
        found = []
        stored = {
            item["mid"]: (conv, item) for conv, items in finals.items() for item in items if item["from"] == "contact"
        }
        acks: dict[str, set[tuple[str, int]]] = defaultdict(set)
        for line in self.of("ack"):
            acks[line["mid"]].add((line["server_id"], line["seq"]))
        for mid, told in acks.items():
            if len(told) > 1:
                found.append(f"ACK_CHANGED {mid}: {told}")
            if mid not in stored:
                found.append(f"LOST {mid} was acknowledged and is not in the log")
            elif (stored[mid][1]["server_id"], stored[mid][1]["seq"]) not in told:
                found.append(f"ACK_CHANGED {mid}: the log says {stored[mid][1]}")
        refused = {line["mid"] for line in self.of("reject")}
        unsure = {line["mid"] for line in self.of("unknown")}
        found += [f"REJECTED_STORED {mid}" for mid in refused - unsure - set(acks) if mid in stored]
        order: dict[str, list[tuple[float, float, int, str]]] = defaultdict(list)
        first_send = {}
        for line in self.of("send"):
            first_send.setdefault(line["mid"], line["ts"])
        for line in self.of("ack"):
            order[line["conv"]].append((first_send[line["mid"]], line["ts"], line["seq"], line["mid"]))
        for conv, rows in order.items():
            rows.sort()
            for (_, acked, seq, mid), (sent, _, later_seq, later) in itertools.pairwise(rows):
                if sent > acked and later_seq <= seq and mid != later:
                    found.append(f"REORDER_LOG {later} after {mid} in {conv}")
        return found

    def _check_replies(self, finals: dict[str, list[dict[str, Any]]]) -> list[str]:
        """Each message of a contact is covered by exactly one automatic answer or hand-off after it."""
        found = []
        for conv, items in finals.items():
            covered, last_contact = 0, 0
            for item in items:
                if item["from"] == "contact":
                    last_contact = item["seq"]
                elif item["from"] == "assistant":
                    through = item["through"]
                    if through <= covered:
                        found.append(f"DOUBLE_REPLY in {conv}: {item['seq']} answers {through} again")
                    if through > last_contact:
                        found.append(f"PHANTOM_REPLY in {conv} at {item['seq']}")
                    covered = max(covered, through)
                elif item["from"] in ("system", "agent"):
                    covered = last_contact
            if covered < last_contact:
                found.append(f"NO_REPLY in {conv}: {covered} of {last_contact}")
        return found

    def _check_heard(self, finals: dict[str, list[dict[str, Any]]]) -> list[str]:
        """A socket that resumed to the end has heard everything, ascending, without a gap inside a session."""
        found = []
        heard: dict[tuple[str, str], dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
        last: dict[tuple[str, int, str], int] = {}
        for line in self.of("deliver"):
            key = (line["sub"], line["session"], line["conv"])
            if key in last and line["seq"] <= last[key]:
                found.append(f"SUB_REORDER {key}: {line['seq']} after {last[key]}")
            last[key] = line["seq"]
            heard[line["sub"], line["conv"]][line["seq"]].add(line["session"])
        for line in self.of("subscribe"):
            if not line.get("complete"):
                continue
            for conv in line["convs"]:
                want = {item["seq"] for item in finals.get(conv, [])}
                missed = want - set(heard[line["sub"], conv])
                if missed:
                    found.append(f"SUB_MISSED {line['sub']} in {conv}: {sorted(missed)[:10]}")
        return found


def _public(item: dict[str, Any]) -> dict[str, Any]:
    """The product's own messages carry no id of a client."""
    return {
        "mid": item["mid"] if item["from"] == "contact" else None,
        "server_id": item["server_id"],
        "seq": item["seq"],
        "h": item["h"],
    }


def _replies(items: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Which answer or hand-off covers which message."""
    found, open_mids = [], []
    for item in items:
        if item["from"] == "contact":
            open_mids.append(item)
        elif item["from"] in ("assistant", "system"):
            through = item["through"] if item["from"] == "assistant" else item["seq"]
            kind = "ai" if item["from"] == "assistant" else "handoff"
            covered = [one for one in open_mids if one["seq"] <= through]
            found += [{"to": one["mid"], "reply_id": item["server_id"], "kind": kind} for one in covered]
            open_mids = [one for one in open_mids if one["seq"] > through]
    return found
