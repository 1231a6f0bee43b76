"""The fields of an SNS topic: which one, its key, and who gets its messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from textual.app import ComposeResult

from sestui.domain.destinations.facts import Existing
from sestui.domain.destinations.form import DestinationForm
from sestui.domain.destinations.place import last
from sestui.domain.destinations.topics import Encryption
from sestui.domain.i18n import _
from sestui.tui.widgets.destination_group import DestinationGroup
from sestui.tui.widgets.picker import Picker
from sestui.tui.widgets.row_list import RowList
from sestui.tui.widgets.subscription_rows import SubscriptionRows
from sestui.workflows.destinations import Offers

_KEYS = {Encryption.AS_IS: "", Encryption.NONE: "none"}


class TopicGroup(DestinationGroup):
    FIELDS = ("topic", "encryption")

    @property
    def subscriptions(self) -> SubscriptionRows:
        return self.query_one(SubscriptionRows)

    def compose(self) -> ComposeResult:
        topic = self.form.topic
        yield Picker(
            _("Topic"),
            (),
            topic.topic,
            id="pick-topic",
            typing=_("a new one, or an ARN …"),
            placeholder=_("name of the topic, or its ARN"),
        )
        yield Picker(
            _("Encryption"),
            self._encryptions(()),
            topic.key or _KEYS.get(topic.encryption, ""),
            id="pick-encryption",
            typing=_("a key, by its ARN …"),
            placeholder="arn:aws:kms:…  alias/…",
        )
        yield SubscriptionRows(topic, self.place)

    def _encryptions(self, keys: tuple[str, ...]) -> list[tuple[str, str]]:
        first = [(Encryption.AS_IS.word, ""), (Encryption.NONE.word, "none")]
        return [*first, *((key, key) for key in keys)]

    # Reading and showing

    def read(self, form: DestinationForm) -> DestinationForm:
        chosen = self.picker("encryption").value
        encryption = next((e for e, value in _KEYS.items() if value == chosen), Encryption.KEY)
        if self.picker("encryption").typing:
            encryption = Encryption.KEY
        typed, topic = self.subscriptions.typed, self.picker("topic").value
        if topic != typed.topic:
            # What was to be done with the subscriptions of another topic is not for this one.
            typed = replace(typed, topic=topic, change=(), remove=(), again=())
        key = chosen if encryption is Encryption.KEY else ""
        self.subscriptions.typed = replace(typed, encryption=encryption, key=key)
        return replace(form, topic=self.subscriptions.typed)

    def offer(self, offers: Offers) -> None:
        self.subscriptions.queues = offers.queues
        names = [(last(arn) if self.place.here(arn) else arn, arn) for arn in offers.topics]
        self.picker("topic").offer(names)
        self.picker("encryption").offer(self._encryptions(offers.keys))

    def found(self, existing: Existing) -> None:
        self.subscriptions.there = existing.subscriptions
        self.subscriptions.draw()

    def say(self, problems: Mapping[str, str], advice: Mapping[str, str]) -> None:
        # The key is chosen where the encryption is.
        super().say(_at_encryption(problems), _at_encryption(advice))
        self.subscriptions.say(problems, advice)

    def go_to(self, field: str) -> None:
        if field.startswith(("add.", "change.")):
            self.query_one(RowList).focus()
        else:
            super().go_to("encryption" if field == "key" else field)


def _at_encryption(texts: Mapping[str, str]) -> dict[str, str]:
    return {"encryption": texts["key"], **texts} if "key" in texts else dict(texts)
