"""The demo shop's story: one text in two languages, with the things of which it speaks."""

SLUG = "setting-a-tea-table"
PICTURE = "story-hero"
AUTHOR = ("마루 편집부", "The editors of Maru")

KO = {
    "title": "혼자 차리는 찻자리",
    "summary": "다반 하나, 잔 하나, 십 분. 격식을 덜어 낸 찻자리를 차리는 법을 적었습니다.",
    "body": [
        (
            "text",
            (
                "<p>찻자리라고 하면 예절부터 떠올라 손이 가지 않는다는 분이 많습니다. 이 글은 그 반대편에 있습니다. 혼자, 십 분, 물 한 주전자. "
                "그만큼의 자리를 차리는 데 필요한 것만 적었습니다.</p><h2>먼저, 자리를 정합니다</h2><p>책상 한쪽을 비우고 다반을 놓습니다. 다반은 찻상이자 경계입니다. "
                "그 안에 있는 동안은 전화를 보지 않기로 합니다. 나무는 물에 약하니 리넨 다포를 한 장 접어 곁에 둡니다.</p>"
            ),
        ),
        (
            "hotspots",
            "이 자리에 놓인 네 가지",
            "story-hero",
            (("tea-caddy", 59, 48), ("celadon-cup", 70, 58), ("linen-cloth", 90, 43), ("tea-tray", 54, 69)),
        ),
        ("product", "tea-tray", "모서리까지 한 장의 나무입니다."),
        (
            "text",
            (
                "<h2>잔을 데웁니다</h2><p>끓인 물을 잔에 먼저 부어 데웁니다. 그 물을 버리고, 한 김 식은 물로 찻잎을 우립니다. 녹차는 70도, 발효차는 95도가 편안합니다. "
                "손잡이 없는 잔은 온도계이기도 합니다. 두 손으로 쥘 수 있으면 마셔도 좋은 온도입니다.</p>"
            ),
        ),
        ("quote", "잔을 쥘 수 있을 때가 차를 마실 때입니다.", "찻자리를 여는 이"),
        ("product", "celadon-cup", "잔금은 차를 마실수록 깊어집니다."),
        (
            "text",
            (
                "<h2>찻잎을 아낍니다</h2><p>햇차는 빛과 공기에 약합니다. 여는 횟수를 줄이는 것이 가장 좋은 보관법이라, 한 주 먹을 만큼만 차통에 덜어 둡니다. "
                "뚜껑이 천천히 내려앉는 동안 남은 향을 맡아 보세요. 그것까지가 차 한 잔입니다.</p>"
            ),
        ),
        ("products", ["tea-caddy", "linen-cloth", "incense-holder", "soy-candle"], "이 자리에 있던 것들"),
    ],
}
EN = {
    "title": "A tea table for one",
    "summary": "One tray, one cup, ten minutes: how to set a tea table without the ceremony.",
    "body": [
        (
            "text",
            (
                "<p>Many people think of etiquette when they hear of a tea table, and leave it alone. This is the other side of it: alone, ten minutes, one "
                "kettle of water, and only what that takes.</p><h2>First, choose the place</h2><p>Clear one side of your desk and put the tray down. The tray is a "
                "table and also a border: while you are inside, the phone stays outside. Wood does not like water, so fold a linen cloth beside it.</p>"
            ),
        ),
        (
            "hotspots",
            "The four things on this table",
            "story-hero",
            (("tea-caddy", 59, 48), ("celadon-cup", 70, 58), ("linen-cloth", 90, 43), ("tea-tray", 54, 69)),
        ),
        ("product", "tea-tray", "One board, up to its corners."),
        (
            "text",
            (
                "<h2>Warm the cup</h2><p>Pour the boiled water into the cup first. Empty it, then steep the leaves with water that has rested: 70 degrees for green "
                "tea, 95 for fermented tea. A cup without a handle is a thermometer as well. When you can hold it, you can drink it.</p>"
            ),
        ),
        ("quote", "When you can hold the cup, it is time for tea.", "A tea host"),
        ("product", "celadon-cup", "Its fine lines deepen with every tea."),
        (
            "text",
            (
                "<h2>Be sparing with the leaves</h2><p>Fresh tea suffers from light and air. Opening it less often is the best way to keep it, so put only a week's worth "
                "into the caddy. While its lid sinks, smell what remains. That, too, is part of the cup.</p>"
            ),
        ),
        ("products", ["tea-caddy", "linen-cloth", "incense-holder", "soy-candle"], "What was on this table"),
    ],
}
