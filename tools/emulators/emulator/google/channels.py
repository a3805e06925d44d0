"""Channels: who hears of changes, and the messages to them.

A message says only that something changed. Its number grows, but not by one; it may come twice or too late.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any

from ..base.deliveries import Deliveries, Post
from ..base.exchange import Answer, Request
from ..base.grants import is_loopback
from .calendar_lists import find_entry
from .errors import refuse
from .state import Home, User

USUAL_SECONDS = 604_800
ACCEPTED = (102, 200, 201, 202, 204)


@dataclass
class Channel:
    id: str
    token: str | None
    address: str
    expires: int
    """Milliseconds since 1970."""
    resource: str
    """events/CALENDAR or list/USER."""
    resource_id: str
    resource_uri: str
    user: str
    client: str | None
    number: int = 0
    waiting: bool = False
    failures: int = 0


@dataclass
class Manners:
    """How messages come; set by control."""

    gap: int = 1
    """How far numbers are apart."""
    twice: bool = False
    reorder: bool = False
    dead: bool = False
    """No message comes at all."""
    sync_first: bool = False
    """The sync message comes before the answer to the request for the channel."""
    seconds: float = 0.02
    longest: int | None = None
    """The longest life of a channel that is granted."""


@dataclass
class Channels:
    home: Home
    deliveries: Deliveries
    manners: Manners = field(default_factory=Manners)
    all: dict[str, Channel] = field(default_factory=dict)

    def watch(self, name: str, user: User, path: dict[str, str], request: Request, body: dict[str, Any]) -> Answer:
        if name == "calendarList.watch":
            resource, about = f"list/{user.email}", "users/me/calendarList"
        else:
            calendar = self.home.calendars[find_entry(user, path["calendarId"]).calendar]
            if not calendar.pushes:
                raise refuse(
                    400,
                    "pushNotSupportedForRequestedResource",
                    "Push notifications are not supported by this resource.",
                )
            resource, about = f"events/{calendar.id}", f"calendars/{path['calendarId']}/events"
        self._check(body)
        now = self.home.clock.now()
        channel = Channel(
            body["id"],
            body.get("token"),
            body["address"],
            self._expiry(body, now),
            resource,
            secrets.token_urlsafe(20),
            f"https://www.googleapis.com/calendar/v3/{about}?alt=json",
            user.email,
            request.client,
        )
        self.all[channel.id] = channel
        answer = Answer.of(
            {
                "kind": "api#channel",
                "id": channel.id,
                "resourceId": channel.resource_id,
                "resourceUri": channel.resource_uri,
                **({"token": channel.token} if channel.token else {}),
                "expiration": str(channel.expires),
            }
        )
        post = self.message(channel, "sync", 1)
        channel.number = 1
        if self.manners.sync_first:
            answer.before = lambda: self.deliveries.post_now(post)
        else:
            self.deliveries.send(post, self.manners.seconds)
        return answer

    def stop(self, user: User, request: Request, body: dict[str, Any]) -> Answer:
        channel = self.all.get(str(body.get("id")))
        mine = channel and channel.user == user.email and channel.client == request.client
        if channel is None or not mine or channel.resource_id != body.get("resourceId"):
            raise refuse(404, "notFound", f"Channel '{body.get('id')}' not found for project")
        del self.all[channel.id]
        return Answer(204)

    def changed(self, resource: str) -> None:
        """Changes that come close together are one message."""
        if self.manners.dead:
            return
        for channel in self.all.values():
            if channel.resource == resource and not channel.waiting and self._lives(channel):
                channel.waiting = True
                self._announce(channel)

    def _announce(self, channel: Channel) -> None:
        channel.number += self.manners.gap
        numbers = [channel.number]
        if self.manners.reorder:
            channel.number += self.manners.gap
            numbers = [channel.number, *numbers]
        for number in numbers * (2 if self.manners.twice else 1):
            self.deliveries.send(self.message(channel, "exists", number), self.manners.seconds)

    def message(self, channel: Channel, state: str, number: int, **changed: str) -> Post:
        headers = {
            "X-Goog-Channel-ID": channel.id,
            "X-Goog-Message-Number": str(number),
            "X-Goog-Resource-ID": channel.resource_id,
            "X-Goog-Resource-State": state,
            "X-Goog-Resource-URI": channel.resource_uri,
            "X-Goog-Channel-Expiration": formatdate(channel.expires / 1000, usegmt=True),
            "User-Agent": "APIs-Google; (+https://developers.google.com/webmasters/APIs-Google.html)",
            "Accept": "*/*",
        }
        if channel.token:
            headers["X-Goog-Channel-Token"] = channel.token
        headers |= changed

        def still() -> bool:
            channel.waiting = False
            return channel.id in self.all and self._lives(channel)

        def done(status: int | None) -> None:
            channel.failures += status not in ACCEPTED

        return Post(channel.address, headers, still=still, done=done, detail={"channel": channel.id, "number": number})

    def _lives(self, channel: Channel) -> bool:
        return channel.expires > self.home.clock.now() * 1000

    def _check(self, body: dict[str, Any]) -> None:
        for name, longest in (("id", 64), ("address", 2048), ("type", 64)):
            if not isinstance(body.get(name), str) or not 0 < len(body[name]) <= longest:
                raise refuse(
                    400, "required" if not body.get(name) else "invalid", f"entity.{name} is missing or too long"
                )
        if body["type"] not in ("web_hook", "webhook"):
            raise refuse(400, "channelTypeUnknown", f"Unknown channel type: {body['type']}")
        if len(body.get("token") or "") > 256:
            raise refuse(400, "invalid", "entity.token is too long")
        if body["id"] in self.all:
            raise refuse(400, "channelIdNotUnique", f"Channel id {body['id']} not unique")
        # The service takes HTTPS only; on this machine HTTP is taken too, for want of certificates.
        if not body["address"].startswith("https://") and not is_loopback(body["address"]):
            raise refuse(400, "push.webhookUrlNotHttps", f"WebHook callback must be HTTPS: {body['address']}")

    def _expiry(self, body: dict[str, Any], now: float) -> int:
        try:
            wanted = int(body["expiration"]) / 1000 if "expiration" in body else None
            life = int((body.get("params") or {}).get("ttl", USUAL_SECONDS))
        except (ValueError, TypeError):
            raise refuse(400, "invalid", "Invalid expiration") from None
        until = wanted if wanted is not None else now + life
        if until <= now:
            raise refuse(400, "invalid", "The channel would have expired already")
        longest = self.manners.longest if self.manners.longest is not None else USUAL_SECONDS
        return int(min(until, now + longest) * 1000)

    def described(self) -> list[dict[str, Any]]:
        return [{**vars(channel), "lives": self._lives(channel)} for channel in self.all.values()]

    def find(self, id: str) -> Channel:
        if id not in self.all:
            raise LookupError(f"there is no channel {id}")
        return self.all[id]
