"""Files that people write in → passages with their place, or one sentence why not."""

from bot.documents.passages import Passage as Passage
from bot.documents.read import MAX_BYTES as MAX_BYTES
from bot.documents.read import TOO_LARGE as TOO_LARGE
from bot.documents.read import read_document as read_document
