"""Codes that cannot be guessed."""

from commerce.codes import code


def test_a_code_has_the_letters_and_the_length_that_were_asked_for() -> None:
    made = {code(alphabet="XYZ", length=24) for _ in range(200)}

    assert len(made) == 200  # of 3 ** 24
    assert {len(one) for one in made} == {24}
    assert set("".join(made)) == set("XYZ")
    assert {one[0] for one in made} == {one[-1] for one in made} == set("XYZ")
