"""The callback envelope (D/91144): AES-256-CBC, padding to 32 bytes, SHA-1 over sorted strings."""

import base64
import binascii
import hashlib
import hmac
import os

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_BLOCK = 32


class NotForUs(Exception):
    """A signature, a padding or a receiver that is not right."""


class Envelope:
    """Seals and opens texts for one receiver (the corp id)."""

    def __init__(self, token: str, aes_key: str, receiver: str) -> None:
        self._token = token
        self._key = base64.b64decode(aes_key + "=")
        self._receiver = receiver.encode()
        if len(self._key) != 32:
            raise ValueError("the AES key has 43 characters of a-z, A-Z and 0-9")

    def sign(self, timestamp: str, nonce: str, sealed: str) -> str:
        """The msg_signature."""
        return hashlib.sha1("".join(sorted((self._token, timestamp, nonce, sealed))).encode(), usedforsecurity=False).hexdigest()

    def seal(self, text: str) -> str:
        """Encrypt."""
        body = text.encode()
        plain = os.urandom(16) + len(body).to_bytes(4, "big") + body + self._receiver
        padding = _BLOCK - len(plain) % _BLOCK
        encryptor = self._cipher().encryptor()
        return base64.b64encode(encryptor.update(plain + bytes([padding]) * padding) + encryptor.finalize()).decode()

    def open(self, sealed: str, signature: str, timestamp: str, nonce: str) -> str:
        """Check and decrypt; raises NotForUs."""
        if not hmac.compare_digest(self.sign(timestamp, nonce, sealed), signature):
            raise NotForUs("signature")
        try:
            decryptor = self._cipher().decryptor()
            plain = decryptor.update(base64.b64decode(sealed, validate=True)) + decryptor.finalize()
        except (binascii.Error, ValueError) as error:
            raise NotForUs("ciphertext") from error
        padding = plain[-1] if plain else 0
        if not 1 <= padding <= _BLOCK or plain[-padding:] != bytes([padding]) * padding:
            raise NotForUs("padding")
        end = 20 + int.from_bytes(plain[16:20], "big")
        if plain[end:-padding] != self._receiver:
            raise NotForUs("receiver")
        return plain[20:end].decode()

    def _cipher(self) -> Cipher[modes.CBC]:
        # The interface fixes the vector: it is the head of the key.
        return Cipher(algorithms.AES(self._key), modes.CBC(self._key[:16]))
