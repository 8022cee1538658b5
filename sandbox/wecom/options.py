"""What a server is started with, and what may be changed while it runs. Every default is invented."""

from dataclasses import dataclass, field

AES_KEY = "kWxPebB5cQn3VdZt8uJrYf0hLsMa7gEoTi2DvN6qXwA"
KINDS = ("app", "contacts", "kf")


@dataclass(frozen=True)
class Options:
    """The corp and its keys. `secrets` and `rights` are by kind: app, contacts (客户联系), kf (微信客服)."""

    corp_id: str = "wwsandbox0000000001"
    agent_id: int = 1000002
    secrets: dict[str, str] = field(
        default_factory=lambda: {
            "app": "sandbox-secret-app-0001",
            "contacts": "sandbox-secret-contacts-0002",
            "kf": "sandbox-secret-kf-0003",
        }
    )
    rights: dict[str, frozenset[str]] = field(default_factory=lambda: {kind: frozenset({kind}) for kind in KINDS})
    token: str = "SandboxCallbackToken"  # noqa: S105  invented, shown on the first line
    aes_key: str = AES_KEY
    seeded: bool = True


@dataclass
class Settings:
    """What the admin API may change. Seconds are real for the network and of the sandbox's clock for everything else."""

    bare: bool = False  # answers without errmsg and without empty fields
    rate_limits: bool = True  # §2.2, per corp and API
    gettoken_per_min: int = 60  # the page says only "frequent calls are throttled"
    sync_without_token_per_min: int = 10  # the page says only "strict"
    account_ceiling: int = 1000  # times 200: person-times of message/send a day
    end_from_anywhere: bool = False  # kf: 0, 1, 2 -> 4 by API, which one third party says is allowed
    repeated_msgid_errcode: int = 40058  # the page does not name it
    coalesce: bool = True  # kf: one callback may stand for several messages
    mass_cap: str = "month"  # or week (7 a week) or day (1 a day)
    mass_dispatch_s: int = 0  # how long get_groupmsg_* answers 41063 after the creation
    trusted_domain: str = ""  # OAuth: empty trusts every redirect_uri
    callback_timeout_s: float = 5.0
    callback_tries: int = 3
    callback_retry_wait_s: float = 1.0
    verify_timeout_s: float = 1.0
