"""What a worker says arrives in any cut; no frame is lost, made longer or put into another."""

from itertools import groupby

from hypothesis import example, given
from hypothesis import strategies as st

from kg.gateway.frames import BEGIN, END, FRAME, PIECE, WHOLE, Frames

Said = list[tuple[bytes, bytes]]
FRAMES = st.lists(st.tuples(st.sampled_from([WHOLE, BEGIN, PIECE, END]), st.binary(max_size=12)), max_size=6)


def together(frames: Said) -> Said:
    """Pieces that follow each other as one."""
    found: Said = []
    for kind, group in groupby(frames, key=lambda frame: frame[0]):
        contents = [content for _, content in group]
        found += [(kind, b"".join(contents))] if kind == PIECE else [(kind, content) for content in contents]
    return found


def heard(said: bytes, cuts: list[int]) -> Said:
    """What is made of it when it arrives cut at these places."""
    frames, found = Frames(), []
    for start, end in zip([0, *cuts], [*cuts, len(said)], strict=True):
        found += [(kind, bytes(content)) for kind, content in frames.feed(said[start:end])]
    return found


@given(FRAMES, st.lists(st.integers(0, 200), max_size=12))
@example([(PIECE, b""), (PIECE, b"ab"), (END, b"")], [1, 5, 6, 7, 11, 12, 13])
def test_frames_are_the_same_however_they_arrive(frames: Said, cuts: list[int]) -> None:
    said = b"".join(FRAME.pack(kind, len(content)) + content for kind, content in frames)
    places = sorted(min(cut, len(said)) for cut in cuts)
    assert together(heard(said, places)) == together(frames)


def test_piece_is_given_on_as_it_comes() -> None:
    said = FRAME.pack(PIECE, 6) + b"abcdef" + FRAME.pack(END, 0)
    assert heard(said, [8, 10]) == [(PIECE, b"abc"), (PIECE, b"de"), (PIECE, b"f"), (END, b"")]
