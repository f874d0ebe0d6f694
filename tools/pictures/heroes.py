"""Wide pictures for the top of a page, with room for words on the left."""

import kit
import tableware
import tea
from home import cloths, moon_jar
from picture import WIDE, Picture


def _home() -> None:
    kit.set_stage(frame=140, ground=kit.SAND, key=1.1, sky=0.22, depth=1.3)
    kit.set_camera(target=(-20, 0, 22), frame=128, elevation=7)
    moon_jar(at=(0, 6, 0))
    tableware.black_plate(at=(26, -12, 0))
    tea.cup(at=(26.5, -12, 0.95), size=1.25)


def _story() -> None:
    kit.set_stage(frame=76, ground=kit.SAND, key=1.1, sky=0.22, depth=1.4)
    kit.set_camera(target=(-9.5, 0, 7), frame=76, elevation=15)
    tea.tray(at=(7, 0, 0), turn=-6)
    tea.caddy(at=(-2.5, 3.5, 0.85))
    tea.cup(at=(5.6, -3.4, 0.85), tea=True)
    tea.cup(at=(15.6, 0.8, 0.85), tea=True)
    cloths(at=(27, 27, 0), turn=10, count=2)


PICTURES = [
    Picture(name="home-hero", role="hero", size=WIDE, first=2, scene=_home,
            ko="달항아리와 흑유 접시, 청자 찻잔이 놓인 정물", en="Still life of a moon jar, a black plate and a celadon cup"),
    Picture(name="story-hero", role="story", size=WIDE, first=2, scene=_story,
            ko="호두나무 다반에 차린 찻자리", en="Tea set out on a walnut tray"),
]  # fmt: skip
