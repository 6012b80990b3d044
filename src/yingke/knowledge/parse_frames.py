"""What the parsing process and its parent must agree on."""

import struct

FRAME = struct.Struct("<cI")
"""Kind and length of what follows, on the pipe of the process."""
ANSWER, REFUSED, PROGRESS, OCR = b"a", b"r", b"p", b"o"
OCR_SECONDS = 600.0
OCR_MEMORY_MB = 1536
