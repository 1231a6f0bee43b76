"""E-mail templates: what SES would not take, what they need, and what their data lacks."""

from __future__ import annotations

import json
import time
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sestui.domain.changes import delete_template_plan, save_template_plan, template_plan
from sestui.domain.mail.data import missing, rendering_problem, unescaped
from sestui.domain.mail.example import example_data, unused, with_missing
from sestui.domain.mail.rendered import read_rendered
from sestui.domain.mail.template import (
    WORKSHOP_TEMPLATE,
    WORKSHOP_TEMPLATE_DATA,
    Template,
    template_problems,
)
from sestui.domain.mail.variables import variables
from sestui.practice.ses.render import RenderingError, check, render


def template(text: str = "x", subject: str = "s", html: str = "") -> Template:
    return Template("t", subject, text, html)


def problems(text: str) -> list[tuple[str, int, int, str]]:
    return [
        (problem.field, problem.line, problem.column, problem.text)
        for problem in template_problems(template(text))
    ]


# What SES would not take


def test_the_workshops_template_is_fine():
    assert template_problems(WORKSHOP_TEMPLATE) == ()


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"name": ""}, "name", "Give it a name"),
        ({"name": "Order confirmation"}, "name", "1 to 64 letters"),
        ({"name": "Grüße"}, "name", "1 to 64 letters"),
        ({"name": "x" * 65}, "name", "1 to 64 letters"),
        ({"name": "taken"}, "name", "already"),
        ({"subject": " "}, "subject", "spam"),
        ({"subject": "a\nb"}, "subject", "one line"),
        ({"text": " ", "html": ""}, "text", "Write a text, HTML, or both"),
        ({"html": "é" * 256_001}, "html", "500 KB in all; this is 501 KB"),
        ({"text": "\ud800"}, "text", "Half a character"),
    ],
)
def test_a_problem_is_told_at_its_field(changed, field, words):
    fine = {"name": "t", "subject": "s", "text": "x", "html": ""}
    (problem,) = template_problems(Template(**{**fine, **changed}), ["taken"])
    assert problem.field == field
    assert words in problem.text


def test_a_stored_template_keeps_its_name():
    assert template_problems(Template("ümlaut", "s", "x"), ["ümlaut"], new=False) == ()


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("a {{name", 1, 3, "{{ is not closed"),
        ("a\n  {{name}", 2, 3, "{{ is not closed"),
        ("{{{name}}", 1, 1, "{{ is not closed"),
        ("x {{ }}", 1, 3, "no name"),
        ("{{first name}}", 1, 1, "“first name” is no name"),
        ("{{a..b}}", 1, 1, "no name"),
        ("{{@root}}", 1, 1, "none of @index"),
        ("{{@index}}", 1, 1, "inside {{#each}} only"),
        ("\n{{#if a}}x", 2, 1, "{{#if}} is not closed: {{/if}} is missing"),
        ("{{#if a}}{{#each b}}{{/if}}", 1, 10, "{{#each}} is not closed"),
        ("{{#if}}{{/if}}", 1, 1, "needs the name"),
        ("{{#eq a b}}{{/eq}}", 1, 1, "SES does not know {{#eq}}"),
        ("{{#each items as |item|}}{{/each}}", 1, 1, "no name of a variable"),
        ("{{/if}}", 1, 1, "{{/if}} closes nothing"),
        ("{{else}}", 1, 1, "belongs between"),
        ("{{#if a}}{{else}}{{else}}{{/if}}", 1, 18, "once"),
        ("{{#if a}}{{else what}}{{/if}}", 1, 10, "After else"),
        ("{{> p}}", 1, 1, "“p” is not defined above"),
        ('{{> p}}{{#* inline "p"}}{{/inline}}', 1, 1, "“p” is not defined above"),
        ('{{#* inline "p"}}x', 1, 1, "{{#inline}} is not closed"),
        ("{{#* partial x}}{{/inline}}", 1, 1, "A partial begins with"),
        ("{{!-- {{name}}", 1, 1, "comment is not closed"),
        ("{{#if a}}" * 51 + "{{/if}}" * 51, 1, 451, "too deeply"),
        ("{{ses:openTracker}} {{ses:openTracker}}", 1, 21, "once at most"),
    ],
)
def test_a_tag_that_is_wrong_is_told_with_its_place(text, line, column, words):
    (field, at_line, at_column, said), *_rest = problems(text)
    assert (field, at_line, at_column) == ("text", line, column)
    assert words in said


@pytest.mark.parametrize(
    "text",
    [
        "{{name}} {{ name }} {{{name}}} {{~name~}} {{user.first-name}} {{größe}}",
        "@media x{.a{color:red}} } { {a}",
        "{{#if a}}1{{else if b}}2{{else}}3{{/if}}",
        "{{#unless a}}{{else}}{{/unless}}{{#with a}}{{b}}{{/with}}",
        "{{#each items}}{{@index}}{{this}}{{this.price}}{{../name}}{{#if @last}}.{{/if}}{{/each}}",
        '{{#* inline "p"}}{{name}}{{/inline}}{{> p}}',
        "{{! a comment }}{{!-- {{#if}} --}}{{amazonSESUnsubscribeUrl}}{{items.0.a}}{{items.[0].a}}",
        "{{ses:openTracker}}",
    ],
)
def test_what_ses_takes(text):
    assert problems(text) == []


# Variables


def told(template: Template) -> list[str]:
    return [
        f"{variable.name}{'?' * variable.optional}{'*' * variable.listed}"
        f" {','.join(variable.parts)}"
        for variable in variables(template)
    ]


def test_the_workshops_variables():
    assert told(WORKSHOP_TEMPLATE) == ["name subject,text,html", "favoriteanimal text,html"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("{{user.name}}", ["user.name"]),
        ("{{#if a}}{{b}}{{else}}{{c}}{{/if}}", ["a?", "b?", "c?"]),
        ("{{#if a}}{{b}}{{/if}}{{b}}", ["a?", "b"]),
        ("{{#unless a}}{{b}}{{/unless}}", ["a?", "b?"]),
        ("{{#if a}}{{else if b}}{{c}}{{/if}}", ["a?", "b?", "c?"]),
        ("{{#each items}}{{price}}{{this.sku}}{{/each}}",
         ["items?*", "items[].price", "items[].sku"]),
        ("{{#each tags}}{{this}}{{@index}}{{/each}}", ["tags?*", "tags[]"]),
        ("{{#each a}}{{#each b}}{{c}}{{../d}}{{/each}}{{/each}}",
         ["a?*", "a[].b?*", "a[].b[].c", "a[].d"]),
        ("{{#each items}}{{#if new}}{{old}}{{/if}}{{else}}{{none}}{{/each}}",
         ["items?*", "items[].new?", "items[].old?", "none?"]),
        ("{{#with user}}{{name}}{{/with}}", ["user?", "user.name"]),
        ('{{#* inline "p"}}{{name}}{{/inline}}{{> p}}{{#each a}}{{> p}}{{/each}}',
         ["name", "a?*", "a[].name"]),
        ('{{#* inline "p"}}{{name}}{{/inline}}', []),
        ("{{amazonSESUnsubscribeUrl}}{{ses:openTracker}}{{! name }}{{!-- {{name}} --}}", []),
        ("{{a}} {{#if b}} {{c", ["a", "b?"]),
    ],
)  # fmt: skip
def test_variables(text, names):
    assert [entry.removesuffix(" text") for entry in told(template(text))] == names


# Data


@pytest.mark.parametrize(
    ("text", "data", "names"),
    [
        ("{{name}}", "", ["name"]),
        ("{{name}}", '{"name": ""}', []),
        ("{{name}}", '{"name": null}', ["name"]),
        ("{{name}}", "[", []),
        ("{{user.name}}", '{"user": {}}', ["user.name"]),
        ("{{user.name}}", '{"user": 5}', ["user.name"]),
        ("{{#if a}}{{b}}{{else}}{{c}}{{/if}}", '{"a": 1}', ["b"]),
        ("{{#if a}}{{b}}{{else}}{{c}}{{/if}}", '{"a": 0}', ["c"]),
        ("{{#each items}}{{price}}{{/each}}", "{}", []),
        ("{{#each items}}{{price}}{{/each}}", '{"items": [{"price": 1}, {}]}', ["items[1].price"]),
        ("{{#each items}}{{name}}{{/each}}", '{"items": [{}], "name": "a"}', []),
        ("{{#each items}}{{this.name}}{{/each}}", '{"items": [{}], "name": "a"}',
         ["items[0].name"]),
        ("{{#each items}}{{name}}{{/each}}", '{"items": ["a"]}', ["name"]),
        ("{{#each o}}{{x}}{{/each}}", '{"o": {"a b": {}}}', ["o[a b].x"]),
        ("{{items.1.a}}", '{"items": [{"a": 1}]}', ["items.1.a"]),
        ('{{#* inline "p"}}{{c}}{{/inline}}{{#each a}}{{> p}}{{/each}}', '{"a": [{}]}', ["a[0].c"]),
    ],
)  # fmt: skip
def test_what_data_lacks(text, data, names):
    assert list(missing(template(text), data)) == names


def test_data_may_lack_what_a_branch_not_taken_has():
    assert missing(WORKSHOP_TEMPLATE, WORKSHOP_TEMPLATE_DATA) == ()
    assert missing(WORKSHOP_TEMPLATE, '{"name": "A"}') == ("favoriteanimal",)


@pytest.mark.parametrize(
    ("text", "data", "names"),
    [
        ("{{name}}", '{"name": 1, "nmae": 2}', ["nmae"]),
        ("{{a.b}}", '{"a": {"b": 1, "c": 2}}', ["a.c"]),
        ("{{a}}", '{"a": {"b": 1}}', []),
        ("{{#if a}}{{/if}}", '{"a": {"b": 1}}', []),
        ("{{#each a}}{{b}}{{/each}}", '{"a": [{"b": 1, "c": 2}, {"c": 3}], "b": 1}', ["a[].c"]),
        ("{{#each a}}{{this}}{{/each}}", '{"a": [{"b": 1}]}', []),
        ("{{#each a}}x{{/each}}", '{"a": [{"b": 1}]}', []),
        ("{{this}}", '{"a": 1}', []),
        ("{{a", "{", []),
    ],
)
def test_what_nobody_asks_for(text, data, names):
    assert list(unused(template(text), data)) == names


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("x", {}),
        ("{{name}} {{user.email}} {{colour}}", {
            "name": "Anaya", "user": {"email": "anaya@example.com"}, "colour": "colour"}),
        ("{{#each items}}{{name}} {{price}}{{/each}}", {
            "items": [{"name": "Anaya", "price": "10.00"}]}),
        ("{{#each tags}}{{this}}{{/each}}", {"tags": ["tags"]}),
        ("{{#if premium}}{{since}}{{/if}}", {"premium": True, "since": "since"}),
        ("{{items.1.a}}", {"items": ["items", {"a": "a"}]}),
        ("{{#each o}}{{this}}{{/each}}{{o.a}}", {"o": {"a": "a"}}),
    ],
)  # fmt: skip
def test_an_example(text, data):
    found = json.loads(example_data(template(text)))
    assert found == data
    assert missing(template(text), example_data(template(text))) == ()


def test_the_workshops_data_is_the_example():
    assert json.loads(example_data(WORKSHOP_TEMPLATE)) == json.loads(WORKSHOP_TEMPLATE_DATA)


@pytest.mark.parametrize(
    ("text", "data", "filled"),
    [
        ("{{a}}{{b.c}}", '{"z": [1], "b": {"d": 2}}',
         {"z": [1], "b": {"d": 2, "c": "c"}, "a": "a"}),
        ("{{a}}", '{"a": null}', {"a": "a"}),
        ("{{#each i}}{{p}}{{/each}}", '{"i": [{"p": 1}, {}]}', {"i": [{"p": 1}, {"p": "p"}]}),
        # A new value leads into a branch that needs others.
        ("{{#if a}}{{b}}{{/if}}{{a.c}}", "", {"a": {"c": "c"}, "b": "b"}),
    ],
)  # fmt: skip
def test_what_data_lacks_is_added_and_the_rest_stays(text, data, filled):
    assert json.loads(with_missing(template(text), data)) == filled


@pytest.mark.parametrize("data", ['{"a":1}', "{", "[]", '{"b": 1e999}'])
def test_data_that_lacks_nothing_or_cannot_be_read_stays_as_it_is(data):
    assert with_missing(template("{{a}}"), data) == data


def test_what_is_in_the_way_is_not_thrown_away():
    assert with_missing(template("{{a.b}}"), '{"a": 5}') == '{"a": 5}'


def test_ses_does_not_escape_html():
    both = template("{{a}}{{b}}{{c}}", html="{{a}}{{b}}{{d}}")
    data = '{"a": "1 < 2", "b": "x", "c": "<b>", "d": {"e": "R&D"}}'
    assert unescaped(both, data) == ("a", "d")


def test_aws_names_the_variable():
    said = "AWS refused the values: Attribute 'user.name' is not present in the rendering data."
    assert rendering_problem(said) == "user.name"
    assert rendering_problem("Template t does not exist.") == ""


# Anything at all

NAMES = st.sampled_from(["a", "b", "c", "a.b", "a.b.c", "b.0", "b.[1].c", "this", ".", "this.a",
                         "../a", "../../b", "..", "../this.b", "./c", "@index",
                         "@last"])  # fmt: skip
PARTIALS = st.sampled_from(["p", "q"])


def blocks(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    def block(kind: str, name: str, body: str, other: str, chained: str) -> str:
        between = f"{{{{else {chained} {name}}}}}{other}" if chained else ""
        return f"{{{{#{kind} {name}}}}}{body}{between}{{{{else}}}}{other}{{{{/{kind}}}}}"

    kinds = st.sampled_from(["if", "unless", "each", "with"])
    return st.one_of(
        st.builds(block, kinds, NAMES, inner, inner, st.just("") | kinds),
        st.builds('{{{{#* inline "{}"}}}}{}{{{{/inline}}}}'.format, PARTIALS, inner),
        st.builds("{}{}".format, inner, inner),
    )


SOURCES = st.recursive(
    st.one_of(
        st.sampled_from(["", "x", "}}", "{{! c }}", "{{!-- {{a}} --}}", "{{ses:openTracker}}"]),
        st.builds("{{{{{}}}}}".format, NAMES),
        st.builds("{{{{> {}}}}}".format, PARTIALS),
    ),
    blocks,
    max_leaves=12,
)
VALUES = st.recursive(
    st.sampled_from([None, True, False, 0, 1, "", "x"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc0"), inner, max_size=3)
    ),
    max_leaves=12,
)
OBJECTS = st.dictionaries(st.sampled_from("abc"), VALUES, max_size=3)


def rendered(source: str, data: dict[str, Any]) -> str:
    """Why the practice account cannot fill it in: the variable's name, or another reason."""
    try:
        render(source, data)
    except RenderingError as error:
        return rendering_problem(str(error)) or str(error)
    return ""


@settings(max_examples=400)
@given(source=SOURCES, data=OBJECTS)
def test_variables_are_missed_when_the_practice_account_misses_them(source, data):
    if problems(source):
        return
    check(source)
    lacks = missing(template(source), json.dumps(data))
    said = rendered(source, data)
    if "includes itself" in said:
        return
    assert bool(lacks) == bool(said), (lacks, said)
    filled = with_missing(template(source), json.dumps(data))
    if not missing(template(source), filled):
        assert rendered(source, json.loads(filled)) == ""


ANYTHING = st.text(st.sampled_from("{}#/>!*-~ .@[]\"'\nifeachelseinlinewithab0"), max_size=60)


@settings(max_examples=400)
@given(source=SOURCES | ANYTHING | st.text(), data=st.text() | st.builds(json.dumps, OBJECTS))
def test_nothing_that_is_typed_does_harm(source, data):
    typed = template(source, html=source)
    if not template_problems(typed):
        check(source)
    variables(typed)
    missing(typed, data)
    unused(typed, data)
    unescaped(typed, data)
    with_missing(typed, data)
    assert isinstance(json.loads(example_data(typed)), dict)


@pytest.mark.parametrize(
    ("source", "problem", "lacks"),
    [
        ("{{!--" * 20_000, "This comment is not closed", ()),
        ("{{" * 50_000, "{{ is not closed", ()),
        ("{{#if a}}" * 20_000, "Blocks are nested too deeply here.", ()),
        ("{{" + "a." * 50_000 + "a}}", None, ("a." * 50_000 + "a",)),
        ("{{#each a}}" * 40 + "{{b}}" + "{{/each}}" * 40, None, ("b",)),
        ("".join(f'{{{{#* inline "p{n}"}}}}{{{{> p{n + 1}}}}}{{{{> p{n + 1}}}}}{{{{/inline}}}}'
                 for n in range(2_000)) + "{{> p0}}", None, ()),
        ('{{#* inline "p"}}{{this.a.x}}{{#with this.a}}{{> p}}{{/with}}{{/inline}}{{> p}}',
         None, ("a.x", "a.a.x")),
    ],
    ids=["comments", "braces", "blocks", "long name", "loops", "partials", "endless"],
)  # fmt: skip
def test_a_template_made_to_do_harm_is_no_trouble(source, problem, lacks):
    start = time.process_time()
    found = [each.text for each in template_problems(template(source))]
    assert len(found) == (problem is not None)
    assert not found or found[0].startswith(problem)
    data = json.dumps({"a": list(range(100))})
    assert missing(template(source), data) == lacks
    assert set(unused(template(source), data)) <= {"a[]"}
    example = json.loads(example_data(template(source)))
    assert isinstance(example, dict)
    assert len(str(example)) < 100_000
    # Ten times what the slowest takes; what this finds is a hang, not a slow machine.
    assert time.process_time() - start < 10


# What SES would make of it


def test_a_rendered_mail_is_read():
    mime = (
        "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\nDate: Mon, 24 Nov 2026 09:30:00 +0000\n"
        'Content-Type: multipart/alternative; boundary="b"\nMIME-Version: 1.0\n\n'
        "--b\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
        "R3LDvMOfZRs=\n--b\n"
        "Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
        "<p>Gr=C3=BC=C3=9Fe</p>\n--b--\n"
    )
    mail = read_rendered(mime)
    assert ("Subject", "Grüße") in mail.headers
    assert (mail.text, mail.html.strip()) == ("Grüße\x1b", "<p>Grüße</p>")


@pytest.mark.parametrize("encoding", ["", "Content-Transfer-Encoding: 8bit\n"])
def test_a_part_that_is_not_encoded_is_text_already(encoding):
    mail = read_rendered(f"Content-Type: text/html; charset=utf-8\n{encoding}\n<p>Grüße</p>")
    assert mail.html == "<p>Grüße</p>"


@given(st.text() | st.text(st.sampled_from('Subject: =?utf-8q\n\tContent-Type;/boundary"-<>@,')))
def test_a_mail_that_is_none_is_shown_as_it_is(mime):
    mail = read_rendered(mime)
    if ":" not in mime and not mime[:1].isspace():  # so nothing of it is a header
        assert mail.headers == ()
        assert mail.text.split() == mime.split()
    assert mail.headers or mime.endswith(mail.text or mail.html)


@given(st.text(max_size=40), st.text(max_size=80), st.text(max_size=80))
def test_what_a_mail_says_is_read_again(subject, text, html):
    mail = EmailMessage()
    mail["Subject"] = " ".join("".join(filter(str.isprintable, subject)).split())
    mail.set_content(text.encode("utf-8", "replace").decode() + "\n")
    mail.add_alternative(html.encode("utf-8", "replace").decode() + "\n", subtype="html")
    read = read_rendered(mail.as_string())
    assert dict(read.headers)["Subject"] == mail["Subject"]
    assert (read.text.split(), read.html.split()) == (
        mail.get_body(["plain"]).get_content().split(),
        mail.get_body(["html"]).get_content().split(),
    )


# Plans


def calls(plan) -> list[tuple[str, dict[str, Any]]]:
    return [(call.operation, dict(call.parameters)) for call in plan]


def test_a_new_template_is_created_without_its_empty_parts():
    ((operation, parameters),) = calls(save_template_plan(Template("t", "s", "", "<p>")))
    assert operation == "CreateEmailTemplate"
    assert parameters == {"TemplateName": "t", "TemplateContent": {"Subject": "s", "Html": "<p>"}}
    assert not save_template_plan(Template("t", "s", "x"))[0].tolerate  # it would not be saved


def test_a_stored_template_is_changed_only_when_it_differs():
    stored = Template("t", "s", "x")
    assert save_template_plan(stored, stored) == ()
    ((operation, _parameters),) = calls(save_template_plan(Template("t", "s", "y"), stored))
    assert operation == "UpdateEmailTemplate"


def test_deleting_what_is_gone_is_done_already():
    (call,) = delete_template_plan("t")
    assert (call.operation, call.parameters) == ("DeleteEmailTemplate", {"TemplateName": "t"})
    assert call.tolerate == ("NotFoundException",)


def test_the_workshops_template_may_be_there_already():
    (call,) = template_plan()
    assert call.tolerate == ("AlreadyExistsException",)
