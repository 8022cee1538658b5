"""Encrypted callbacks of WeCom: who may call, and what was said (developer.work.weixin.qq.com/document/path/91144).

SHA-1 over the sorted four strings, AES-256-CBC with blocks padded to 32 bytes. The library decrypts; what it leaves open is closed here:
the comparison takes the same time for every signature, a stale call is refused, and whatever is wrong inside raises one kind of error.
"""

import base64
import hashlib
import hmac
import re
import struct
from datetime import UTC, datetime, timedelta

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException
from wechatpy.work.crypto import PrpCrypto
from wechatpy.work.exceptions import InvalidCorpIdException

from domain.errors import BadInput, BadSettings, BadSignature

MAX_BODY = 256 * 1024  # bytes; a callback carries ids and one typed text
WINDOW = timedelta(minutes=5)  # WeCom tries a call again for 15 seconds; more is clocks that differ
OPTIONS = "SelectedOptions"  # our name for what was chosen on a card, which lies deeper than the other fields
_OPTIONS = ("OptionIds", "OpitonIds")  # WeCom's own sample has it the second way
_STAMP = 10  # digits of a time in seconds, until the year 2286
_AES_KEY = re.compile(r"[A-Za-z0-9]{43}")
_BROKEN = (IndexError, ValueError, TypeError, OverflowError, struct.error, RecursionError)  # the error of base64 is a ValueError


class Envelope:
    """Opens what was sealed for us. `receiver` is the corp id."""

    def __init__(self, *, token: str, aes_key: str, receiver: str, window: timedelta = WINDOW) -> None:
        """Raises BadSettings for a key that is not the 43 letters and digits that WeCom shows."""
        if not _AES_KEY.fullmatch(aes_key):
            raise BadSettings("wecom_aes_key: 43 letters and digits are needed, as WeCom shows them")
        self._token = token
        self._receiver = receiver
        self._window = window
        self._cipher = PrpCrypto(base64.b64decode(aes_key + "="))

    def open(self, sealed: str, *, signature: str, timestamp: str, nonce: str, at: datetime) -> str:
        """Give the text inside. Raises BadSignature for a forged or stale call, BadInput for one that is sealed but broken."""
        if not hmac.compare_digest(self._signature(timestamp, nonce, sealed).encode(), signature.lower().encode()):
            raise BadSignature("the signature is wrong")
        if not timestamp.isdecimal() or len(timestamp) > _STAMP:
            raise BadSignature("the time is not a number")
        if abs(at - datetime.fromtimestamp(int(timestamp), UTC)) > self._window:
            raise BadSignature("the call is stale")
        try:
            return str(self._cipher.decrypt(sealed, self._receiver))
        except InvalidCorpIdException:
            raise BadSignature("sealed for another corp") from None
        except _BROKEN:
            raise BadInput("the sealed text cannot be opened") from None

    def seal(self, text: str) -> str:
        """The other direction: for passive replies, and for tests against other implementations."""
        return bytes(self._cipher.encrypt(text, self._receiver)).decode()

    def sign(self, sealed: str, *, timestamp: str, nonce: str) -> str:
        """The signature of a sealed text."""
        return self._signature(timestamp, nonce, sealed)

    def _signature(self, timestamp: str, nonce: str, sealed: str) -> str:
        joined = "".join(sorted((self._token, timestamp, nonce, sealed)))
        return hashlib.sha1(joined.encode(), usedforsecurity=False).hexdigest()  # WeCom's choice


def sealed_of(body: bytes) -> str:
    """What is sealed in a call's body, XML. Raises BadInput for anything else."""
    found = fields_of(body).get("Encrypt", "")
    if not found:
        raise BadInput("the body has no Encrypt")
    return found


def fields_of(document: bytes | str) -> dict[str, str]:
    """The fields of a message in XML, and what was chosen on a card; of one that stands there twice the first.

    Raises BadInput for what is no XML, entities included.
    """
    try:
        root = ElementTree.fromstring(document)
    except (ElementTree.ParseError, DefusedXmlException, *_BROKEN):
        raise BadInput("the message is not XML") from None
    found: dict[str, str] = {}
    for child in root:
        found.setdefault(child.tag, (child.text or "").strip())
    if options := [(one.text or "").strip() for ids in root.iter() if ids.tag in _OPTIONS for one in ids]:
        found.setdefault(OPTIONS, "，".join(filter(None, options)))
    return found
