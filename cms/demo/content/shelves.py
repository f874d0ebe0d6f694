"""Categories, in the order in which shoppers see them."""

from cms.demo.kinds import Shelf

SHELVES = [
    Shelf(
        path="tableware",
        picture="brass-spoons-front",
        ko=("그릇", "밥과 국, 나물과 과일. 매일 꺼내 쓰는 그릇만 모았습니다."),
        en=("Tableware", "For rice and soup, greens and fruit: the pieces you take out every day."),
    ),
    Shelf(
        path="tableware/bowls",
        picture="rice-bowl-front",
        ko=("밥그릇·공기", "두 손에 맞는 크기, 김이 오를 때의 모양."),
        en=("Bowls", "Made for two hands, and for steam."),
    ),
    Shelf(
        path="tableware/plates",
        picture="black-plate-front",
        ko=("접시", "음식을 앞으로 꺼내 주는 바탕."),
        en=("Plates", "A background that lets food step forward."),
    ),
    Shelf(
        path="tea",
        picture="celadon-cup-front",
        ko=("차", "잔, 차통, 다반. 물을 끓이는 동안 꺼내 놓는 것들."),
        en=("Tea", "Cups, caddies and trays: what you set out while the water boils."),
    ),
    Shelf(
        path="scent",
        picture="soy-candle-front",
        ko=("향", "불을 켜는 동안 방이 달라집니다."),
        en=("Scent", "A room changes while the flame is lit."),
    ),
    Shelf(
        path="home",
        picture="paper-lamp-front",
        ko=("공간", "항아리와 소반, 종이와 빛."),
        en=("Home", "Jars and small tables, paper and light."),
    ),
]
