"""Writes the measured figures from benchmarks/results into the READMEs and docs/deploy.md: `python tools/figures.py`.

Only what was measured gets a row; each row carries the commit it was measured at and how busy the machine was before.
"""

import contextlib
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"
BLOCK = re.compile(r"(<!-- figures:begin -->\n).*?(<!-- figures:end -->)", re.DOTALL)
Figures = dict[str, Any]

# (result, English, Chinese, what is shown)
ROWS: list[tuple[str, str, str, Callable[[Figures], str]]] = [
    ("turns", "Durable turns a second, scripted answer, 1 process", "每秒完成的持久化一问一答（固定答复，1 个进程）", lambda f: _turns(f["processes_1"])),
    ("turns", "The same, 2 processes", "同上，2 个进程", lambda f: _turns(f["processes_2"])),
    ("embedded", "Turns a second, embedded engine with the whole team, a shop with goods, offers and orders", "每秒问答数，内置引擎，全部 AI 团队，有商品、活动与订单的店铺", lambda f: _turns(f["shop_1_process"])),
    ("embedded", "The same, 2 processes", "同上，2 个进程", lambda f: _turns(f["shop_2_processes"])),
    ("embedded", "The same, 1,000 questions with answers and nothing to sell, 1 process", "同上，只有 1000 条问答，1 个进程", lambda f: _turns(f["documents_only_1_process"])),
    ("embedded", "One visitor, one question after the other: send → whole answer", "一个访客接着一句问：发送 → 完整答复", lambda f: _alone(f.get("shop_1_process") or f["documents_only_1_process"])),
    ("angry", "An angry message while an answer streams: stored → last visible word", "流式答复中客户发怒：入库 → 最后一个可见的字", lambda f: f"p50 {f['by_rules']['last_word_ms_p50']:.0f} ms, p99 {f['by_rules']['last_word_ms_p99']:.0f} ms, max {f['by_rules']['last_word_ms_max']:.0f} ms"),
    ("surge", "Ten times what is answered, for 20 s: acknowledged; lost; all answered after", "十倍负载 20 秒：确认时间；丢失；全部答完", lambda f: _rush(f["one_workspace"])),
    ("streaming", "Streamed replies a second, emulated chat endpoint", "每秒流式答复数（模拟的对话接口）", lambda f: f"{f['replies_per_s']}, p99 {f['reply_ms_p99']:.0f} ms"),
    ("idle", "Memory of one idle visitor socket", "每个空闲访客连接的内存", lambda f: f"{f['kb_each_server']:g} KB ({f['sockets']:,} sockets; {f['kb_each_all_parts']:g} KB, all parts)"),
    ("full", "Turn latency, full database against empty", "库内有大量消息时的延迟与空库之比", lambda f: f"{f['ratio_p50']:g}× ({f['messages']:,} messages)"),
    ("search", "Search, one workspace of 100,000 passages", "检索，一个企业 10 万个切片", lambda f: _search(f)),
    ("learn", "40-page PDF: upload → first right answer; 10,000-row workbook", "40 页 PDF 上传 → 第一次答对；1 万行表格", lambda f: f"{f['pdf_answerable_s']:.1f} s; {f['xlsx_answerable_s']:.1f} s"),
    ("eval", "FAQ found first / in five: Ant, bank (embedded engine)", "问答检索 R@1 / R@5：蚂蚁、银行（内置引擎）", lambda f: _found(f)),
    ("eval", "Conversations written down beforehand that the team holds; attacks that worked", "事先写好的会话，AI 团队接住的；得手的攻击", lambda f: _held(f)),
    ("start", "Second start to ready", "再次启动到就绪", lambda f: f"{f['ready_s_median']:g} s"),
    ("start", "Memory at rest, all parts", "静止时内存，全部进程合计", lambda f: f"{f['memory_at_rest_mb']} MB"),
]  # fmt: skip


def _turns(figures: Figures) -> str:
    return f"{figures['turns_per_s']:,}/s, reply p99 {figures['reply_ms_p99']:.0f} ms"


def _alone(figures: Figures) -> str:
    return f"p50 {figures['one_visitor_ms_p50']:.0f} ms, p99 {figures['one_visitor_ms_p99']:.0f} ms"


def _rush(figures: Figures) -> str:
    rush = figures["surge"]
    times = f"p50 {rush['ack_ms_p50']:.0f} ms, p99 {rush['ack_ms_p99']:.0f} ms"
    return f"{times}; {rush['lost']}; {figures['all_answered_after_s']:g} s"


def _found(figures: Figures) -> str:
    sets = [figures["faq"][name] for name in ("ant_atec_afqmc", "bank_bq")]
    return " · ".join(f"{one['R@1']:.2f} / {one['R@5']:.2f}" for one in sets)


def _held(figures: Figures) -> str:
    found = figures["scenarios"]
    return f"{found['held']:.1%} of {found['scenarios']}; {found['attacks_that_worked']} of {found['attacks']}"


def _search(figures: Figures) -> str:
    found = next(value for name, value in figures.items() if name.startswith("one_workspace_of_"))
    return f"p50 {found['ms']['p50']:.0f} ms, p95 {found['ms']['p95']:.0f} ms"


def table(is_chinese: bool) -> str:
    """The rows that were measured."""
    head = "| 测量项 | 实测 | 提交 | 测前负载 |" if is_chinese else "| what | measured | commit | load before |"
    lines = [head, "|---|---|---|---|"]
    for name, english, chinese, show in ROWS:
        path = RESULTS / f"{name}.json"
        if path.is_file():
            result = json.loads(path.read_text("utf-8"))
            words, load = chinese if is_chinese else english, result["machine"]["load_before"]
            with contextlib.suppress(KeyError):
                lines.append(f"| {words} | {show(result['figures'])} | `{result['commit']}` | {load:.1f} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    for name in ("README.md", "README.zh-CN.md", "docs/deploy.md", "docs/deploy.zh-CN.md"):
        path = ROOT / name
        text = path.read_text("utf-8")
        if not BLOCK.search(text):
            sys.exit(f"{name}: no place for the figures")
        path.write_text(BLOCK.sub(rf"\g<1>{table('zh-CN' in name)}\g<2>", text), "utf-8")
    print("figures written")


if __name__ == "__main__":
    main()
