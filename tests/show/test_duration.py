"""How long something takes, said in words."""

import pytest

from stepper.show.duration import duration
from stepper.show.translation import speak
from stepper.show.words import words

SAID = [
    (0, "0 s", "0 秒"), (7.6, "8 s", "8 秒"), (59.4, "59 s", "59 秒"),
    (59.6, "1 min 0 s", "1 分 0 秒"), (125, "2 min 5 s", "2 分 5 秒"),
    (599.4, "9 min 59 s", "9 分 59 秒"), (599.6, "10 min", "10 分鐘"),
    (3569, "59 min", "59 分鐘"), (3571, "1 h 0 min", "1 小時 0 分鐘"),
    (5400, "1 h 30 min", "1 小時 30 分鐘"), (100_000, "27 h 47 min", "27 小時 47 分鐘"),
]  # fmt: skip


@pytest.mark.parametrize(("seconds", "english", "chinese"), SAID)
def test_a_time_is_said_in_the_units_that_fit_it(seconds, english, chinese):
    assert words(duration(seconds)) == english
    speak("zh-TW")
    assert words(duration(seconds)) == chinese
