"""The self-built app (自建应用) of relationship managers and other staff: callback, messages and cards, menu, login to the workbench.

At most once: `message/send` has no key. Its check for duplicates (document/path/90236) looks at what is said, we do not know how closely,
and for four hours at the most. In a chat the same words are honest answers again and again (现在没有客户在等): with the check they would be
swallowed, without it a repeat shows twice. So a text whose fate is uncertain is `unknown` and a person looks, as on Telegram. Cards have
a task id made of our key, which WeCom takes once: for them the check costs nothing and is on.
"""
