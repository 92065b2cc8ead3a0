"""A letter says what it was given, and nothing given to it can become a header."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.letter import check, compose

TO, SUBJECT, MID = "wang@example.tw", "路燈報修", "<n-7@douliu.example>"
SENDER = "斗六市公所 <lamppost@douliu.example>"
UNSUBSCRIBE = f"<https://lamp.douliu.example/u/{'t' * 200}>"

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029\x00"))
INJECTION = st.sampled_from(["\r\n", "\n", "\r", "\0", "\x0b", "\x1b", "\x7f", "\x85", "\u2028", "\u2029"])


def read(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=policy.default)


@given(TEXT)
def test_the_text_arrives_as_written(text: str) -> None:
    letter = read(compose(SENDER, TO, SUBJECT, text, MID, {}).as_bytes())
    assert letter.get_content().replace("\r\n", "\n").rstrip("\n") == text.rstrip("\n")


@given(st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1, max_size=300))
def test_the_subject_arrives_as_written(subject: str) -> None:
    assert read(compose(SENDER, TO, subject, "x", MID, {}).as_bytes())["Subject"] == subject


@given(TEXT.map(lambda text: text * 20))
def test_only_short_ascii_lines_are_sent(text: str) -> None:
    raw = compose(SENDER, TO, SUBJECT, text, MID, {"List-Unsubscribe": UNSUBSCRIBE}).as_bytes()
    assert raw.isascii()
    assert all(len(line) <= 998 and b"\n" not in line and b"\r" not in line for line in raw.split(b"\r\n"))


def test_headers_are_those_of_the_call() -> None:
    letter = read(
        compose(SENDER, TO, SUBJECT, "x", MID, {"List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}).as_bytes()
    )
    assert (letter["To"], letter["Message-ID"]) == (TO, MID)
    assert letter["From"].addresses[0].display_name == "斗六市公所"
    assert letter["From"].addresses[0].addr_spec == "lamppost@douliu.example"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["Date"].datetime.tzinfo is not None


def test_a_long_address_in_a_header_stays_readable() -> None:
    raw = compose(SENDER, TO, SUBJECT, "x", MID, {"List-Unsubscribe": UNSUBSCRIBE}).as_bytes()
    assert f"List-Unsubscribe: {UNSUBSCRIBE}\r\n".encode() in raw


@given(st.text(max_size=5), INJECTION, st.text(max_size=5), st.sampled_from(["To", "Subject", "Message-ID", "X-Case"]))
def test_a_line_break_is_refused_by_the_name_of_its_header(before: str, bad: str, after: str, name: str) -> None:
    values = {"To": TO, "Subject": SUBJECT, "Message-ID": MID, "X-Case": "1"} | {name: before + bad + after}
    with pytest.raises(ValueError, match=f"header '{name}': line breaks"):
        check(values["To"], values["Subject"], values["Message-ID"], {"X-Case": values["X-Case"]})


@pytest.mark.parametrize("name", ["X\r\nBcc", "", "X Y", "X:", "主旨", "1-X"])
def test_a_header_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="header"):
        check(TO, SUBJECT, MID, {name: "1"})


@pytest.mark.parametrize(
    "name", ["Bcc", "cc", "FROM", "Subject", "message-id", "Content-Type", "content-anything", "Sender"]
)
def test_a_header_the_port_sets_itself_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=f"header '{name}': is set by the port"):
        check(TO, SUBJECT, MID, {name: "x"})


@pytest.mark.parametrize(
    "to", ["", "wang", "a@b.tw, c@d.tw", "a@b.tw;c@d.tw", "Wang <a@b.tw>", "a b@c.tw", "@c.tw", "a@", "a@b@c"]
)
def test_anything_but_one_address_is_refused(to: str) -> None:
    with pytest.raises(ValueError, match="header 'To'"):
        check(to, SUBJECT, MID, {})


@pytest.mark.parametrize("message_id", ["", "n-7", "n-7@x", "<n-7>", "<a b@c>", "<a@b><c@d>"])
def test_a_message_id_of_another_shape_is_refused(message_id: str) -> None:
    with pytest.raises(ValueError, match="header 'Message-ID'"):
        check(TO, SUBJECT, message_id, {})


def test_good_parts_pass() -> None:
    check(TO, SUBJECT, MID, {"List-Unsubscribe": UNSUBSCRIBE, "Auto-Submitted": "auto-generated"})
