"""Every endpoint of `/cgi-bin/`."""

from sandbox.wecom import corp, media
from sandbox.wecom.endpoint import Table
from sandbox.wecom.kf import accounts, codes, log, sending, sessions

ENDPOINTS: Table = {}
for room in (corp, media, accounts, codes, log, sending, sessions):
    ENDPOINTS |= room.ENDPOINTS
