"""What was left out of a file that was read all the same, as one sentence for its owner."""

from collections.abc import Sequence

from yingke.knowledge.sections import Note

SENTENCES: dict[str, tuple[str, str]] = {
    "hidden_sheets": (
        "隐藏的工作表没有学习：{detail}。需要的话请取消隐藏后重新上传。",
        "Hidden sheets were left out: {detail}. Unhide them and upload again if they are needed.",
    ),
    "hidden_slides": (
        "有 {detail} 张隐藏的幻灯片没有学习。需要的话请取消隐藏后重新上传。",
        "{detail} hidden slides were left out. Unhide them and upload again if they are needed.",
    ),
    "formulas_without_value": (
        "有 {detail} 个公式单元格没有保存结果，已当作空白。请在 Excel 或 WPS 里打开、保存后重新上传。",
        "{detail} formula cells hold no saved result and count as empty. Open the file in Excel, save it and upload again.",
    ),
    "hidden_text": (
        "有 {detail} 处被隐藏的文字（白色、极小或设为隐藏）没有学习。",
        "{detail} pieces of hidden text (white, tiny or set to hidden) were left out.",
    ),
    "scanned_without_ocr": (
        "第 {detail} 页是扫描件，没有读到文字。安装文字识别扩展后重试：pip install 'yingke[ocr]'。",
        "Pages {detail} are scans and were not read. Install the text recognition extra and try again: "
        "pip install 'yingke[ocr]'.",
    ),
    "pictures_unread": (
        "文件里有 {detail} 张图片，图片上的文字没有学习。需要的话请把图片单独上传。",
        "The text on {detail} pictures in this file was not learned. Upload those pictures by themselves if it is needed.",
    ),
    "recognised": (
        "有 {detail} 页（张）的文字是从图片中识别的，可能有错字，请抽查。",
        "The text of {detail} pages or pictures was recognised and may hold wrong characters. Check some of it.",
    ),
    "recognition_stopped": (
        "文字识别到第 {detail} 页为止，后面的扫描页没有学习。请拆成几个文件再上传。",
        "Text was recognised up to page {detail}; the scans behind it were left out. Split the file and upload the parts.",
    ),
}


def show_notes(notes: Sequence[Note]) -> dict[str, str] | None:
    """`{code, zh, en}` for the column `documents.reason` of a document that is ready; None without notes.

    `code` is that of the first note; the sentences of several follow each other.
    """
    if not notes:
        return None
    zh = "".join(SENTENCES[note.code][0].format(detail=note.detail) for note in notes)
    en = " ".join(SENTENCES[note.code][1].format(detail=note.detail) for note in notes)
    return {"code": notes[0].code, "zh": zh, "en": en}
