"""Weights in prompts, and what does not fit."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from sdedit_desktop.diffusion import tokens
from sdedit_desktop.diffusion.prompt import pieces, token_row, without_loras


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a tree", [("a tree", 1)]),
        ("a (red:1.3) tree", [("a ", 1), ("red", 1.3), (" tree", 1)]),
        ("a (red) tree", [("a ", 1), ("red", 1.1), (" tree", 1)]),
        ("((red))", [("red", 1.21)]),
        ("((red:2) tree:0.5)", [("red", 1.0), (" tree", 0.5)]),
        (r"a \(red\) tree", [("a (red) tree", 1)]),
        ("at 10:30) tree", [("at 10:30) tree", 1)]),
        ("(open", [("open", 1.1)]),
        ("(tree:99)", [("tree", 10)]),
        ("(tree:1.2.3)", [("tree", 1)]),
        ("", []),
    ],
)
def test_weights_are_read(text, wanted):
    found = [(piece.text, pytest.approx(piece.weight)) for piece in pieces(text)]
    assert [text for text, _ in found] == [text for text, _ in wanted]
    assert [weight for _, weight in found] == [weight for _, weight in wanted]


@given(st.text(alphabet="a (): \\1.", max_size=60))
def test_no_prompt_is_misunderstood_so_badly_that_it_fails(text):
    assert all(piece.text and 0 <= piece.weight < 100 for piece in pieces(text))


@pytest.fixture(scope="module")
def tokenizer():
    return tokens.bundled()


def test_tokens_carry_the_weights_of_their_words(tokenizer):
    row = token_row(tokenizer, "a (red:1.5) tree", padding=0)
    assert tokenizer.decode(row.ids[1:4].tolist()) == "a red tree"
    assert row.weights[:6].tolist() == [1, 1, 1.5, 1, 1, 1]
    assert row.ids[4] == tokenizer.end
    assert not row.ids[5:].any()
    assert row.cut == ""


def test_words_that_do_not_fit_are_reported(tokenizer):
    row = token_row(tokenizer, "word " * 75 + "and the rest", padding=0)
    assert row.cut == "and the rest"
    assert row.ids.shape == (77,)


def test_ten_thousand_words_are_cut(tokenizer):
    row = token_row(tokenizer, "word " * 10_000, padding=0)
    assert row.cut.startswith("word word")
    assert len(row.cut) < 100


def test_a_word_without_end_is_cut(tokenizer):
    row = token_row(tokenizer, "x" * 20_000, padding=0)
    assert row.ids.shape == (77,)
    assert row.cut


@given(st.text(max_size=40))
def test_decoding_gives_the_words_back(text):
    bundled = tokens.bundled() if not _KEPT else _KEPT[0]
    _KEPT[:] = [bundled]
    once = bundled.encode(text)
    assert bundled.encode(bundled.decode(once)) == once or "\ufffd" in bundled.decode(once)


_KEPT: list[tokens.Tokenizer] = []


def test_ids_are_those_of_torch(tokenizer):
    assert token_row(tokenizer, "a tree", padding=0).ids.dtype == torch.int64


@pytest.mark.parametrize(
    ("text", "words", "loras"),
    [
        ("a tree", "a tree", ()),
        ("a tree <lora:style:0.8>", "a tree", (("style", 0.8),)),
        ("<lora:one><lora: two :-1> sky", "sky", (("one", 1.0), ("two", -1.0))),
        ("<lora:x:99>", "", (("x", 10.0),)),
        ("a < b", "a < b", ()),
    ],
)
def test_loras_are_taken_out_of_the_words(text, words, loras):
    assert without_loras(text) == (words, loras)
