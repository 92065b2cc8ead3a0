"""The outside world of notify: an SMS provider and a mail server, chosen by `LAMPPOST_SMS` and `LAMPPOST_MAIL`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.notify.mail import ConsoleMail, MailPort, mail_from
from services.notify.sms import ConsoleSms, SmsPort, sms_from

if TYPE_CHECKING:
    from chassis.runtime import Runtime


@dataclass(frozen=True, slots=True)
class Ports:
    """Both ways out."""

    sms: SmsPort
    mail: MailPort

    @property
    def console(self) -> bool:
        """True when nothing leaves this machine: the outbox page is where messages are read."""
        return isinstance(self.sms, ConsoleSms) and isinstance(self.mail, ConsoleMail)


def ports(runtime: Runtime) -> Ports:
    """Errors: `ValueError` naming the setting and what is wrong with it."""
    return Ports(sms_from(runtime.settings.sms), mail_from(runtime.settings.mail))


def pings(runtime: Runtime) -> Mapping[str, Callable[[], None]]:
    """What `/ready` asks."""
    return {"sms": runtime.ports.sms.ping, "mail": runtime.ports.mail.ping}
