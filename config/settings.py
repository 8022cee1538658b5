"""All settings. Each is an environment variable `PEIBAN_<NAME>`; docs/settings.md lists them (a test keeps it complete)."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from domain.addresses import host_of, is_host
from domain.errors import BadSettings

_PREFIX = "PEIBAN_"
_TESTS = "PEIBAN_TEST_"  # said to the test suite, not to us


class Settings(BaseSettings):
    """What an operator may set. Secrets are never printed."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, frozen=True, extra="forbid")

    data: Path = Field(Path("var"), description="Folder of everything that Peiban keeps: database, indexes, facts, logs.")
    database_url: str = Field("", description="SQLAlchemy URL; empty means SQLite in the data folder.")
    host: str = Field("127.0.0.1", description="Address that the web server listens on.")
    port: int = Field(8080, ge=1, le=65535, description="Port that the web server listens on.")
    sandbox: bool = Field(False, description="A simulated bank: anybody may choose who to be. Never with real customers.")
    sandbox_wecom_port: int = Field(
        8081, ge=0, le=65535, description="Port of the WeCom that a sandbox shows on this machine; 0 takes a free one."
    )
    secret_key: SecretStr = Field(SecretStr(""), description="Signs links and cookies; at least 32 characters. Needed outside the sandbox.")
    workers: int = Field(2, ge=1, le=64, description="Threads that move the inbox and the outbox.")
    handoff_sla_s: int = Field(
        180, ge=5, description="Seconds a person who took over may leave a customer waiting before the queue gets it back."
    )
    events_key: SecretStr = Field(
        SecretStr(""), description="Key with which the bank's app sends events to /api/events; at least 32 characters. Empty: nobody may."
    )
    assess: bool = Field(True, description="A serving process judges customers by itself when there are new facts.")
    tick_s: int = Field(60, ge=1, description="Seconds between two looks at what is due.")
    touch_channel: str = Field("web", description="Channel on which the bot speaks first.")
    dense: Literal["chroma", "numpy"] = Field("chroma", description="Where a serving process compares vectors: its own Chroma, or numpy.")
    embedding_model: str = Field(
        "", description="A sentence-transformers model, path or hub name, in place of the table trained at publish."
    )
    cards: Path = Field(Path(__file__).parent.parent / "knowledge" / "cards", description="Folder of the knowledge cards.")
    bank_pages: dict[str, str] = Field(
        default_factory=dict,
        description='Pages of the bank that cards open, by name, as JSON: {"branches": "https://www.bank.example/branches"}.',
    )
    link_hosts: tuple[str, ...] = Field(
        (), description='Hosts that a text may lead to, whole names as JSON: ["www.bank.example"]. Links to any other are blocked.'
    )
    llm_model: str = Field("", description="Name of an optional chat model; empty means none.")
    llm_base_url: str = Field("", description="OpenAI-compatible address of the chat model.")
    llm_api_key: SecretStr = Field(SecretStr(""), description="Key of the chat model.")
    llm_timeout_s: float = Field(4.0, gt=0, le=30, description="Seconds the chat model may take before the card answers instead.")
    telegram_token: SecretStr = Field(SecretStr(""), description="Bot token; empty means no Telegram.")
    telegram_webhook_url: str = Field("", description="Public address of the Telegram webhook; empty means polling.")
    telegram_secret: SecretStr = Field(SecretStr(""), description="Secret token that Telegram sends with each webhook call.")
    telegram_api_base: str = Field("https://api.telegram.org", description="Address of the Telegram Bot API.")
    telegram_people: dict[str, str] = Field(default_factory=dict, description='Who may use it, as JSON: {"telegram user id": "rm:S0003"}.')
    telegram_customers: bool = Field(False, description="Allow customers on Telegram although their data leaves the mainland (PIPL 38-40).")
    wecom_api_base: str = Field("https://qyapi.weixin.qq.com/cgi-bin", description="Address of the WeCom API, ending in /cgi-bin.")
    wecom_corp_id: str = Field("", description="Corp id; empty means no WeCom.")
    wecom_secret: SecretStr = Field(SecretStr(""), description="Secret of the app that may use WeChat customer service.")
    wecom_token: SecretStr = Field(SecretStr(""), description="Token of the callback /wecom/kf.")
    wecom_aes_key: SecretStr = Field(SecretStr(""), description="EncodingAESKey of the callback /wecom/kf, 43 letters and digits.")
    wecom_app_agent_id: int = Field(0, ge=0, description="AgentId of the app for staff; 0 means none.")
    wecom_app_secret: SecretStr = Field(SecretStr(""), description="Secret of the app for staff.")
    wecom_app_token: SecretStr = Field(SecretStr(""), description="Token of the callback /wecom/app.")
    wecom_app_aes_key: SecretStr = Field(SecretStr(""), description="EncodingAESKey of the callback /wecom/app, 43 letters and digits.")
    wecom_contacts_secret: SecretStr = Field(SecretStr(""), description="Secret of 客户联系 (contacts of members); empty means none.")
    wecom_contacts_token: SecretStr = Field(SecretStr(""), description="Token of the callback /wecom/contacts.")
    wecom_contacts_aes_key: SecretStr = Field(
        SecretStr(""), description="EncodingAESKey of the callback /wecom/contacts, 43 letters and digits."
    )
    wecom_mass_cap: Literal["month", "week7", "day1"] = Field(
        "month", description="Mass messages that WeCom lets a person get: as many a month as it has days, 7 a week, or 1 a day."
    )
    wecom_app_markdown: bool = Field(
        False,
        description="Lists go to staff as markdown; off while anybody reads the app in the WeChat plug-in, which shows none.",
    )
    wecom_aibot_id: str = Field("", description="Bot id of the smart robot for staff on its long connection; empty means none.")
    wecom_aibot_secret: SecretStr = Field(SecretStr(""), description="Secret of the smart robot's long connection.")
    wecom_aibot_url: str = Field("wss://openws.work.weixin.qq.com", description="Address of the long connection.")
    wecom_oauth_base: str = Field("https://open.weixin.qq.com", description="Address to which members go to log in by WeCom.")
    wecom_public_url: str = Field(
        "",
        description="Address at which members reach this server, as https://peiban.bank.example; the login and the app's menu lead there.",
    )
    wecom_jssdk_url: str = Field(
        "", description="Address of WeCom's JS-SDK for the sidebar page; empty means that it is not loaded, and no page asks another host."
    )
    wecom_callback_url: str = Field("", description="Public address of /wecom/kf, for `wecom doctor` to verify as WeCom does.")
    wecom_people: dict[str, str] = Field(
        default_factory=dict, description='Staff by WeCom userid, as JSON: {"ZhouMin": "rm:S0003"}; without it userids are staff ids.'
    )
    wecom_fresh_s: int = Field(
        600, ge=0, description="Where a customer service account was never read before, older messages are recorded and not answered."
    )
    stt_base_url: str = Field("", description="OpenAI-compatible address that writes down voice messages; empty means none.")
    stt_model: str = Field("", description="Name of the model that writes down voice messages.")
    stt_api_key: SecretStr = Field(SecretStr(""), description="Key of that address.")
    stt_timeout_s: float = Field(8.0, gt=0, le=30, description="Seconds a voice message may take before the customer is asked to type.")
    rig: Literal["", "echo"] = Field("", description="Sandbox only: an echo in place of the dialogue, for servers that test a channel.")
    rig_delay: float = Field(0.0, ge=0, le=600, description="Seconds that the echo thinks.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="How much is logged.")

    @model_validator(mode="after")
    def _hold_together(self) -> "Settings":
        secret = self.secret_key.get_secret_value()
        if not self.sandbox and secret and len(secret) < 32:
            raise ValueError("secret_key: at least 32 characters are needed")
        if 0 < len(self.events_key.get_secret_value()) < 32:
            raise ValueError("events_key: at least 32 characters are needed")
        if self.llm_model and not self.llm_base_url:
            raise ValueError("llm_model needs llm_base_url")
        if self.rig and not self.sandbox:
            raise ValueError("rig is for a sandbox only")
        if self.wecom_jssdk_url and not (self.wecom_jssdk_url.startswith("https://") and self.wecom_public_url):
            raise ValueError("wecom_jssdk_url: an address with https:// is needed, and wecom_public_url")
        self._check_links()
        self._check_wecom()
        if self.wecom_callback_url and not self.wecom_callback_url.startswith(("https://", "http://")):
            raise ValueError("wecom_callback_url: a whole address is needed, as https://bank.example/wecom/kf")
        if self.telegram_webhook_url and not self.telegram_secret.get_secret_value():
            raise ValueError("telegram_webhook_url needs telegram_secret")
        if not self.telegram_customers and any(who.startswith("customer:") for who in self.telegram_people.values()):
            raise ValueError("telegram_people names a customer, but telegram_customers is off: customer data would leave the mainland")
        return self

    def _check_links(self) -> None:
        unfit = sorted(host for host in self.link_hosts if not is_host(host))
        if unfit:
            raise ValueError(f"link_hosts: {', '.join(unfit)}: the bare name of a host in lower case is needed, as www.bank.example")
        astray = sorted(name for name, url in self.bank_pages.items() if host_of(url) not in self.link_hosts)
        if astray:
            raise ValueError(f"bank_pages: {', '.join(astray)}: an address with https:// at a host of link_hosts is needed")

    def _check_wecom(self) -> None:
        service = [bool(one.get_secret_value()) for one in (self.wecom_secret, self.wecom_token, self.wecom_aes_key)]
        app = [bool(one.get_secret_value()) for one in (self.wecom_app_secret, self.wecom_app_token, self.wecom_app_aes_key)]
        app.append(self.wecom_app_agent_id > 0)
        if any(app) and not (all(app) and self.wecom_corp_id):
            raise ValueError(
                "wecom_app_agent_id, wecom_app_secret, wecom_app_token and wecom_app_aes_key need each other and wecom_corp_id"
            )
        contacts = [bool(one.get_secret_value()) for one in self._contact_secrets]
        if any(contacts) and not (all(contacts) and self.wecom_corp_id):
            raise ValueError("wecom_contacts_secret, wecom_contacts_token and wecom_contacts_aes_key need each other and wecom_corp_id")
        if bool(self.wecom_aibot_id) != bool(self.wecom_aibot_secret.get_secret_value()):
            raise ValueError("wecom_aibot_id and wecom_aibot_secret need each other")
        if not self.wecom_aibot_url.startswith(("wss://", "ws://")):
            raise ValueError("wecom_aibot_url: a whole address is needed, as wss://openws.work.weixin.qq.com")
        if self.wecom_corp_id and not all(service) and (any(service) or not any([*app, *contacts])):
            raise ValueError("wecom_corp_id needs wecom_secret, wecom_token and wecom_aes_key")

    @property
    def _contact_secrets(self) -> tuple[SecretStr, ...]:
        return self.wecom_contacts_secret, self.wecom_contacts_token, self.wecom_contacts_aes_key

    @property
    def url(self) -> str:
        """The database URL in force."""
        return self.database_url or f"sqlite:///{self.data / 'peiban.db'}"


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Read the settings. Raises BadSettings with every wrong or unknown one in a single message."""
    given = [name for name in environment if name.startswith(_PREFIX) and not name.startswith(_TESTS)]
    unknown = {name[len(_PREFIX) :].lower() for name in given} - set(Settings.model_fields)
    faults = [f"{_PREFIX}{name.upper()} is not a setting" for name in sorted(unknown)]
    try:
        settings = Settings()
    except ValidationError as error:
        for fault in error.errors():
            where = str(fault["loc"][0]).upper() if fault["loc"] else ""
            faults.append(f"{_PREFIX}{where}: {fault['msg']}" if where else fault["msg"].removeprefix("Value error, "))
        raise BadSettings("settings: " + "; ".join(faults)) from None
    if faults:
        raise BadSettings("settings: " + "; ".join(faults))
    return settings
