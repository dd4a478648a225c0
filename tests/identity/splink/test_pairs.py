"""What Splink found, as it is read back."""

from __future__ import annotations

import pytest

from omnichannel.identity.splink import Scored, read_pairs

HEAD = "match_weight,match_probability,customer_l,customer_r,unique_id_l,unique_id_r"


def read(*lines: str) -> list[Scored]:
    return list(read_pairs("\n".join(lines).splitlines(keepends=True)))


def test_the_output_of_predict_is_read_as_it_is() -> None:
    """Other columns are passed over, the two are in order, and a customer's rows against each other say nothing."""
    found = read(HEAD, "3.2,0.9,b,a,b#0,a#1", "3.2,0.9,a,a,a#0,a#1", "", "9,1.0,a,c,a#0,c#0")
    assert found == [Scored("a", "b", 0.9), Scored("a", "c", 1.0)]


def test_a_file_may_say_which_model_found_them() -> None:
    found = read("customer_l,customer_r,match_probability,model", 'a,b,0.75,"Splink 5, model x"')
    assert found == [Scored("a", "b", 0.75, "Splink 5, model x")]


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ((), "no column is called customer_l; give what Splink's predict"),
        (("customer_l,customer_r",), "no column is called match_probability"),
        ((HEAD, "1,0.9,a"), "line 2 has 3 cells, the heading 6"),
        ((HEAD, "1,nearly,a,b,x,y"), "line 2: 'nearly' is no probability"),
        ((HEAD, "1,nan,a,b,x,y"), "line 2: 'nan' is no probability"),
        ((HEAD, "1,1.2,a,b,x,y"), "line 2: '1.2' is no probability; it lies from 0 to 1"),
    ],
)
def test_what_is_no_pair_is_refused_with_its_line(lines: tuple[str, ...], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read(*lines)
