"""Every picture of the documentation is one that the script takes, and is shown."""

from tests.docs.blocks import PAGES
from tests.docs.pictures import IMAGES, PICTURES


def test_each_is_taken_by_the_script() -> None:
    assert {path.stem for path in IMAGES.iterdir()} == set(PICTURES)


def test_each_is_shown_with_words_for_those_who_do_not_see_it() -> None:
    text = "\n".join(page.read_text() for page in PAGES)
    assert [name for name in PICTURES if f"images/{name}.png)" not in text] == []
    assert "![](" not in text
