"""WeCom's smart robot (智能机器人) on its long connection, for staff (developer.work.weixin.qq.com/document/path/101463).

We connect outwards, so no public address is needed. The shape of frames is that of the official Node client as others describe it; nobody
has run this against the real WeCom. There is no key of ours, hence at most once, as with the app of staff.
"""
