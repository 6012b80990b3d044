"""Why a file could not be learned, each as a sentence that says what to do."""

from yingke.kit.errors import Problem

_SENTENCES: dict[str, tuple[str, str]] = {
    "file_empty": ("这个文件是空的，请检查后重新上传。", "This file is empty. Check it and upload it again."),
    "file_too_big": (
        "文件超过 {detail} MB，请拆分后再上传。",
        "The file is larger than {detail} MB. Split it and upload the parts.",
    ),
    "file_too_much_text": (
        "文件里的内容太多，请按主题拆成几个文件再上传。",
        "There is too much text in one file. Split it by topic and upload the parts.",
    ),
    "file_encrypted": (
        "文件设有密码，请去掉密码、另存后再上传。",
        "The file is protected by a password. Save a copy without the password and upload that.",
    ),
    "file_corrupt": (
        "文件已损坏或不完整，打不开。请用原来的软件打开并另存一份，再上传。",
        "The file is damaged or incomplete. Open it in its own program, save a copy and upload that.",
    ),
    "file_wrong_type": (
        "文件内容和扩展名不一致（{detail}），请确认后按正确的格式另存再上传。",
        "The content does not match the extension ({detail}). Save it in the right format and upload it again.",
    ),
    "file_unsupported": (
        "暂不支持这种文件（{detail}）。可以上传 docx、pptx、pdf、xlsx、xls、ods、csv、json、md、txt、html、图片，或它们的 zip。",
        "This kind of file ({detail}) is not supported. "
        "Use docx, pptx, pdf, xlsx, xls, ods, csv, json, md, txt, html, pictures or a zip of these.",
    ),
    "file_old_word": (
        "这是旧版 Word（.doc）文件，请在 Word 或 WPS 里另存为 .docx 再上传。",
        "This is an old Word (.doc) file. Save it as .docx and upload that.",
    ),
    "file_old_slides": (
        "这是旧版 PowerPoint（.ppt）文件，请在 PowerPoint 或 WPS 里另存为 .pptx 再上传。",
        "This is an old PowerPoint (.ppt) file. Save it as .pptx and upload that.",
    ),
    "zip_empty": (
        "压缩包里没有文件，请检查后重新上传。",
        "There are no files in this zip. Check it and upload it again.",
    ),
    "zip_too_many": (
        "压缩包里的文件超过 {detail} 个，请分成几个压缩包再上传。",
        "There are more than {detail} files in this zip. Split it into several and upload those.",
    ),
    "zip_nested": (
        "压缩包里的压缩包不会打开，请解压后直接上传里面的文件。",
        "An archive inside an archive is not opened. Unpack it and upload the files.",
    ),
    "zip_link": (
        "这是指向别处的快捷链接，不是文件，已跳过。请上传文件本身。",
        "This is a link to some other place, not a file, and was skipped. Upload the file itself.",
    ),
    "zip_method": (
        "压缩包使用了少见的压缩方式，打不开。请用系统自带的“压缩为 zip”重新打包再上传。",
        "The zip uses a rare compression method. Pack it again as an ordinary zip and upload that.",
    ),
    "file_bomb": (
        "文件解压后异常巨大，已拒绝打开。请检查文件来源。",
        "The file unpacks to an abnormal size and was not opened. Check where it came from.",
    ),
    "file_unsafe": (
        "文件里含有外部引用或自定义实体，已拒绝打开。请另存一份干净的文件再上传。",
        "The file contains external references or custom entities and was not opened. "
        "Save a clean copy and upload that.",
    ),
    "file_timeout": (
        "读取这个文件花的时间太长，已停止。请拆成小一些的文件再上传。",
        "Reading this file took too long and was stopped. Split it into smaller files and upload those.",
    ),
    "file_memory": (
        "读取这个文件需要的内存太多，已停止。请拆成小一些的文件再上传。",
        "Reading this file needs too much memory and was stopped. Split it into smaller files and upload those.",
    ),
    "file_no_table": (
        "文件里没有找到表格。请上传带表头的 xlsx、xls、csv，或由对象组成的 json。",
        "There is no table in this file. Upload an xlsx, xls or csv with a header line, or a json made of objects.",
    ),
    "file_no_text": (
        "文件里没有可读的文字，请上传带文字的版本。",
        "There is no readable text in this file. Upload a version that contains text.",
    ),
    "ocr_missing": (
        "这是图片或扫描件，服务器还没有安装文字识别（OCR）。请让管理员运行 {detail} 并重启，再点重试；或上传带文字的版本。",
        "This is a picture or a scan and text recognition (OCR) is not installed. Ask the operator to run {detail} "
        "and restart, then try again; or upload a version that contains text.",
    ),
    "picture_too_big": (
        "图片的像素太多，没有打开。请缩小到 6000 万像素以内再上传。",
        "The picture has too many pixels and was not opened. Scale it below 60 megapixels and upload it again.",
    ),
}

CODES = frozenset(_SENTENCES)


class Refused(Exception):
    """Raised by a parser; `code` is one of CODES and `detail` fills the sentence."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


def refuse(code: str, detail: str = "") -> Problem:
    """The Problem(422) for a refusal code."""
    zh, en = _SENTENCES[code]
    return Problem(422, code, zh.format(detail=detail), en.format(detail=detail))
