"""The one page of the stand-in: who is signing in? Each button is a form; nothing needs a script."""

from collections.abc import Mapping
from html import escape

from tools.social_standin.people import NAMES, PEOPLE, Person

CSS = """
body { margin: 0; background: #f4f2ee; color: #1f1d1a; font: 16px/1.6 system-ui, sans-serif; }
main { max-width: 30rem; margin: 0 auto; padding: 2rem 1.25rem; }
h1 { font-size: 1.375rem; margin: 0; }
.note { color: #5e584f; font-size: .875rem; }
form { margin: .5rem 0; }
button { width: 100%; min-height: 52px; padding: .5rem 1rem; text-align: left; font: inherit; background: #fff;
  border: 1px solid #8a8377; border-radius: 4px; cursor: pointer; }
button small { display: block; color: #5e584f; }
fieldset { border: 1px solid #d8d2c6; margin: 1.5rem 0; padding: 1rem; }
label { display: block; margin: .5rem 0; }
input[type=text], input[type=email] { display: block; width: 100%; box-sizing: border-box; min-height: 44px; font: inherit; }
"""


def choose(*, provider: str, asked: Mapping[str, str]) -> str:
    """Return the page on which a developer says who signs in, or that nobody does."""
    kept = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in asked.items()
    )
    return f"""<!doctype html>
<html lang="ko"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(NAMES[provider])} · stand-in</title><link rel="stylesheet" href="/standin.css"></head>
<body><main>
<h1>{escape(NAMES[provider])}</h1>
<p class="note">개발용 대역입니다. 누구로 로그인할까요? · A stand-in for development. Who signs in?</p>
{"".join(_button(provider, kept, person) for person in PEOPLE[provider])}
{_act(provider, kept, "deny", "취소 · Cancel")}
{_act(provider, kept, "bad_state", "잘못된 state로 돌아가기 · Come back with another state")}
{_act(provider, kept, "garbage", "알 수 없는 프로필 · A profile that nobody understands")}
{_free(provider, kept)}
</main></body></html>"""


def _button(provider: str, kept: str, person: Person) -> str:
    label = f"{escape(person.name)} <small>{escape(person.email or '–')} · {escape(person.note)}</small>"
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">'
        for name, value in _values(person).items()
    )
    return _form(provider, f'{kept}{hidden}<button name="act" value="approve">{label}</button>')


def _act(provider: str, kept: str, act: str, label: str) -> str:
    return _form(provider, f'{kept}<button name="act" value="{act}">{label}</button>')


def _free(provider: str, kept: str) -> str:
    return _form(
        provider,
        f"""{kept}<fieldset><legend>다른 사람 · Somebody else</legend>
<label>ID <input type="text" name="uid" value="4001" required></label>
<label>이름 · Name <input type="text" name="name" value="누군가"></label>
<label>이메일 · E-mail <input type="email" name="email"></label>
<label><input type="checkbox" name="proved" value="1" checked> 확인됨 · proved</label>
<label><input type="checkbox" name="valid" value="1" checked> 유효함 · valid (Kakao)</label>
<button name="act" value="approve">로그인 · Sign in</button></fieldset>""",
    )


def _form(provider: str, inside: str) -> str:
    return f'<form method="post" action="/{provider}/decide">{inside}</form>\n'


def _values(person: Person) -> dict[str, str]:
    values = {"uid": person.uid, "name": person.name, "email": person.email}
    return values | {name: "1" for name in ("proved", "valid") if getattr(person, name)}
