"""Every endpoint of `/cgi-bin/`."""

from sandbox.wecom import corp, media
from sandbox.wecom.app import cards, jsapi, menu, messages, oauth
from sandbox.wecom.contacts import customers, mass, moments, tags, transfers, ways, welcome
from sandbox.wecom.endpoint import Table
from sandbox.wecom.kf import accounts, codes, log, sending, sessions

ENDPOINTS: Table = {
    **corp.ENDPOINTS,
    **media.ENDPOINTS,
    # 微信客服
    **accounts.ENDPOINTS,
    **codes.ENDPOINTS,
    **log.ENDPOINTS,
    **sending.ENDPOINTS,
    **sessions.ENDPOINTS,
    # the app
    **messages.ENDPOINTS,
    **cards.ENDPOINTS,
    **menu.ENDPOINTS,
    **oauth.ENDPOINTS,
    **jsapi.ENDPOINTS,
    # 客户联系
    **customers.ENDPOINTS,
    **tags.ENDPOINTS,
    **ways.ENDPOINTS,
    **welcome.ENDPOINTS,
    **mass.ENDPOINTS,
    **transfers.ENDPOINTS,
    **moments.ENDPOINTS,
}
