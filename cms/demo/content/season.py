"""The season of the demo shop: its landing page, and what the first page says of it."""

from typing import Any

SLUG = "autumn-table"
PIECES = ("celadon-cup", "black-plate", "linen-cloth", "paper-lamp")
LOOKS = {"look": ("soban", "rice-bowl", "celadon-cup"), "tea": ("tea-tray", "tea-caddy", "celadon-cup")}
TEA_POINTS = (("tea-caddy", 59, 48), ("celadon-cup", 70, 58), ("linen-cloth", 90, 43), ("tea-tray", 54, 69))
TABLE_POINTS = (("rice-bowl", 34, 30), ("celadon-cup", 65, 32), ("soban", 47, 43))
PICTURES = {  # what they show, until their makers say it better
    "story-hero": ("호두나무 다반에 차린 찻자리", "Tea set out on a walnut tray"),
    "home-hero": (
        "달항아리와 흑유 접시, 청자 찻잔이 놓인 정물",
        "Still life of a moon jar, a black plate and a celadon cup",
    ),
    "soban-scale": ("밥공기와 찻잔을 올린 소반", "Soban table set with bowls and a tea cup"),
    "tea-tray-scale": (
        "찻잔 두 개와 차통을 올린 호두나무 다반",
        "Walnut tray carrying two cups and a tea caddy",
    ),
}
WORDS: dict[str, dict[str, Any]] = {
    "ko": {
        "title": "가을의 상차림",
        "seo": "소반 하나로 차리는 가을 밥상과 찻자리. 그릇과 찻잔, 소반을 한 번에 골라 보세요.",
        "spots": "이 장면에 있는 것",
        "table": "상 위를 눌러 보세요",
        "look": (
            "소반 하나, 밥 한 그릇",
            "혼자여도 상을 차리면 밥이 달라집니다. 소반과 공기, 찻잔이면 충분합니다.",
            "가을의 상차림 보기",
        ),
        "tea": ("혼자 차리는 찻자리", "다반 하나, 잔 하나, 십 분이면 됩니다.", "이야기 읽기"),
        "banner": (
            "3주 동안만",
            "지금 낮춘 값",
            "고른 물건의 값을 정해진 날까지 낮췄습니다.",
            "할인 상품 보기",
        ),
        "news": ("가마가 열리는 날 알려 드립니다", "한 달에 한두 번, 새로 온 것과 쓰임 이야기를 보냅니다."),
        "hero": {
            "eyebrow": "가을의 상차림",
            "heading": "한 사람을 위한 상",
            "text": "소반 하나에 밥과 차를 올립니다. 작지만 모자람이 없는 상입니다.",
            "link": "그릇 둘러보기",
        },
        "intro": (
            "<h2>작은 상이 먼저입니다</h2><p>소반은 한 사람이 들고 옮기는 상입니다. 창가로, 마루로, 책상 곁으로 따라다닙니다. "
            "상이 작으니 그릇도 꼭 필요한 것만 오릅니다. 올가을에는 밥공기 하나, 찻잔 하나부터 시작해 보세요.</p>"
        ),
        "pieces": "곁에 두면 좋은 것",
        "asked": "자주 묻는 질문",
        "questions": [
            (
                "소반은 물에 닿아도 되나요?",
                "<p>물기는 바로 닦아 주세요. 젖은 채로 오래 두면 결이 일어날 수 있습니다.</p>",
            ),
            (
                "찻잔의 잔금은 흠인가요?",
                "<p>아닙니다. 청자 유약의 자연스러운 무늬이고, 차를 마실수록 짙어집니다.</p>",
            ),
            (
                "선물 포장이 되나요?",
                "<p>모든 물건을 종이로 하나씩 감싸 보냅니다. 주문할 때 요청 사항에 적어 주세요.</p>",
            ),
        ],
    },
    "en": {
        "title": "An autumn table",
        "seo": "A meal and a cup of tea on one small table: bowls, cups and the soban that carries them.",
        "spots": "What is in this picture",
        "table": "Touch the things on the table",
        "look": (
            "One soban, one bowl of rice",
            "Even alone, a set table changes the meal. A soban, a bowl and a cup are enough.",
            "See the autumn table",
        ),
        "tea": ("A tea table for one", "One tray, one cup, ten minutes.", "Read the story"),
        "banner": (
            "For three weeks",
            "Reduced right now",
            "Some of our things cost less until the day that is said below.",
            "See what is reduced",
        ),
        "news": ("Hear when the kiln opens", "Once or twice a month: what is new, and how to use it."),
        "hero": {
            "eyebrow": "An autumn table",
            "heading": "A table for one",
            "text": "Rice and tea on one soban: a small table that lacks nothing.",
            "link": "See the tableware",
        },
        "intro": (
            "<h2>The small table comes first</h2><p>A soban is a table that one person carries: to the window, to the porch, beside the desk. "
            "It is small, so only what is needed stands on it. Begin this autumn with one bowl and one cup.</p>"
        ),
        "pieces": "Good to have beside it",
        "asked": "Questions",
        "questions": [
            (
                "May the soban get wet?",
                "<p>Wipe water off at once. Left wet for long, the grain may rise.</p>",
            ),
            (
                "Are the fine lines in the cup a flaw?",
                "<p>No. They belong to celadon glaze, and deepen with every tea.</p>",
            ),
            (
                "Do you wrap gifts?",
                "<p>Each piece is wrapped in paper. Tell us in the note of your order.</p>",
            ),
        ],
    },
}
