"""Files that people write in → passages with their place, or one sentence why not."""

from bot.files.documents.passages import Passage as Passage
from bot.files.documents.read import MAX_BYTES as MAX_BYTES
from bot.files.documents.read import TOO_LARGE as TOO_LARGE
from bot.files.documents.read import read_blocks as read_blocks
from bot.files.documents.read import read_document as read_document
