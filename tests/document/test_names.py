import pytest

from sdedit_desktop.document import names
from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files import ora_writer
from sdedit_desktop.texts import Text


def test_names_that_the_program_gave_can_be_translated_after_saving_too(tmp_path):
    document = Document(8, 8)
    document.layers.append(document.new_layer(names.of_candidate(417)))
    document.layers.append(document.new_layer("The user's own"))
    ora_writer.save(document, tmp_path / "a.ora")

    read = [layer.name for layer in ora_writer.load(tmp_path / "a.ora").layers]

    assert read == ["Background", "Strokes", "Candidate 417", "The user's own"]
    assert [isinstance(name, Text) for name in read] == [True, True, True, False]
    assert (read[2].sentence, read[2].values) == ("Candidate {0}", (417,))


@pytest.mark.parametrize("name", ["", "Candidate", "Candidate 1 and more", "my Photo", "strokes"])
def test_other_names_are_the_users(name):
    assert names.recognised(name) is name
