"""The Handlebars subset."""

from __future__ import annotations

from typing import Any

import pytest

from sestui.practice.ses.render import RenderingError, TemplateError, check, render

DATA = {
    "name": "Zoë <b>",
    "a": {"b": [{"c": 1}, {"c": 2}]},
    "yes": True,
    "no": False,
    "zero": 0,
    "empty": [],
    "none": None,
}


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{{name}} {{{name}}} {{ name }}", "Zoë <b> Zoë <b> Zoë <b>"),
        ("{{a.b.0.c}}", "1"),
        ("{{#if yes}}1{{else}}2{{/if}}{{#if no}}3{{else}}4{{/if}}", "14"),
        ("{{#if missing}}1{{/if}}{{#if zero}}2{{/if}}{{#if empty}}3{{/if}}", ""),
        ("{{#unless no}}1{{/unless}}", "1"),
        ("{{#each a.b}}{{@index}}{{c}}{{name}}{{/each}}", "01Zoë <b>12Zoë <b>"),
        ("{{#each a.b}}{{../yes}}{{#if @last}}.{{/if}}{{/each}}", "truetrue."),
        ("{{#each empty}}x{{else}}none{{/each}}", "none"),
        ("{{#each a}}{{@key}}{{/each}}", "b"),
        ("{{#with a}}{{#each b}}{{this.c}}{{/each}}{{/with}}", "12"),
        ('{{#* inline "p"}}[{{c}}]{{/inline}}{{#each a.b}}{{> p}}{{/each}}', "[1][2]"),
        ("{{#if no}}1{{else if zero}}2{{else if yes}}3{{else}}4{{/if}}", "3"),
        ("{{#each a.b}}{{#with ..}}{{yes}}{{/with}}{{/each}}{{a.b.[1].c}}", "truetrue2"),
        ("{{#with no}}x{{else}}{{this.yes}}{{/with}}", "true"),
        ("a{{!-- {{nothing}} {{#if}} --}}b", "ab"),
        ("{{! a comment }}{{amazonSESUnsubscribeUrl}}", "{{amazonSESUnsubscribeUrl}}"),
        ("{{ses:openTracker}}{ {x} }", "{ {x} }"),
        ("{{yes}}{{zero}}{{a.b}}", 'true0[{"c": 1}, {"c": 2}]'),
    ],
)
def test_rendering(template: str, expected: str) -> None:
    assert render(template, DATA) == expected


@pytest.mark.parametrize("name", ["missing", "a.x", "none", "a.b.5", "this.missing"])
def test_a_missing_variable_is_named(name: str) -> None:
    with pytest.raises(RenderingError) as error:
        render(f"{{{{{name}}}}}", DATA)
    assert str(error.value) == f"Attribute '{name}' is not present in the rendering data."


@pytest.mark.parametrize(
    "template",
    [
        "{{#if a}}",
        "{{/if}}",
        "{{#if a}}{{/each}}",
        "{{#nope a}}{{/nope}}",
        "{{#if}}{{/if}}",
        "{{!-- a }}",
    ],
)
def test_templates_that_are_wrong(template: str) -> None:
    with pytest.raises(TemplateError):
        check(template)


def test_an_undefined_partial() -> None:
    with pytest.raises(RenderingError):
        render("{{> p}}", {})


def test_a_partial_that_includes_itself() -> None:
    with pytest.raises(RenderingError):
        render('{{#* inline "p"}}{{> p}}{{/inline}}{{> p}}', {})


def test_values_are_not_templates() -> None:
    data: dict[str, Any] = {"a": "{{b}}", "b": "x"}
    assert render("{{a}}", data) == "{{b}}"
