"""The text template."""

from __future__ import annotations

import asyncio
from typing import Any, Literal

from pydantic import field_validator

from modules.data.template import ESCAPES, compile_template
from weirflow import Component, Context, Field, Model, Result, input, output

#: The definition of what the text is made of, which is passed on beside it.
CONTEXT = "text-template-context"


class TemplateInput(Model):
    """What the text is made of."""

    context: Any = Field(
        None,
        title="Context",
        description="What $ is in the template; passed on as it is",
        configurable=True,
        id=CONTEXT,
    )


class TemplateOutput(Model):
    """The text."""

    text: str = Field(title="Text", description="The template, with its values")
    context: Any = Field(None, title="Context", description="What came with the message", configurable=True, id=CONTEXT)


class TextTemplate(Component):
    """Writes a text from a message: a mail, a report, a page.

    `{{ $.name }}` stands for a value of the message's context: any expression of mappings, and nothing else. It can
    compute, and can reach nothing but the message. Sections repeat a part for each item of a list, or leave it out:

    ```
    {{#each $.items}}
    - {{ $.item.title }}{{#if $.item.isNew}} (new){{/if}}
    {{#else}}
    Nothing today.
    {{/each}}
    ```

    In `#each` `$` is `{item, index, outer}`; `outer` is what `$` is outside of it. `#else` holds where the list is
    empty, or the condition is false, 0, empty or null. A line that holds nothing but the beginning or the end of a
    section leaves none.

    For HTML choose *Escape values*, so that a name with a `<` in it stays a name. The template itself is never escaped.

    Errors: `template_failed` names the expression that cannot be worked out for this message; `template_too_long` for
    a text longer than the settings allow, or one that takes too long to write. A template that cannot be read is
    refused with the settings.
    """

    title = "Text Template"
    category = "Data"
    icon = "edit"
    tags = ("text", "mail", "html", "render", "format")

    class Settings(Model):
        template: str = Field(
            "Hello {{ $.name }}",
            title="Template",
            description="Text with {{ expressions }} and sections",
            format="textarea",
            max_length=200_000,
        )
        escape: Literal["none", "html"] = Field(
            "none", title="Escape values", description="What is inserted", enum_titles=["No", "For HTML"]
        )
        max_length: int = Field(
            1_000_000, ge=1, le=10_000_000, title="Longest text", description="Characters; a longer one is an error"
        )

        @field_validator("template")
        @classmethod
        def _readable(cls, template: str) -> str:
            compile_template(template)
            return template

    settings: Settings

    written = output("written", TemplateOutput)

    def __init__(self) -> None:
        self._template = compile_template("")

    async def on_settings(self) -> None:
        self._template = compile_template(self.settings.template)

    @input("in", label="In")
    async def write(self, ctx: Context, message: TemplateInput) -> Result:
        arguments = (message.context, self.settings.max_length, ESCAPES[self.settings.escape])
        if self._template.has_lists:
            text = await asyncio.to_thread(self._template.render, *arguments)
        else:
            text = self._template.render(*arguments)
        return await self.written.emit(ctx, TemplateOutput(text=text, context=message.context))
