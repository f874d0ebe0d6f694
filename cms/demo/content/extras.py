"""What the demo's products are beyond words and pictures: brands, attributes, notices, sales, relations."""

from cms.demo.kinds import Extra

BRANDS = {"heulkbit": ("흙빛", "Heulkbit"), "gyeol": ("결 공방", "Gyeol"), "maru": ("마루", "Maru")}

GLAZES = (
    "백자 = White porcelain\n청자 = Jade-green porcelain\n흑유 = Dark glaze\n유기 = Brass\n황동 = Brass plate"
)
COLOURS = (
    "흰색 = White #f4f1ea\n비취 = Jade #a9c1b0\n먹색 = Ink #2b2a29\n금색 = Gold #b8924a\n나무 = Wood #8a5a3b\n"
    "쪽빛 = Indigo #33496b"
)
# type → its attributes: code, Korean, English, kind, unit, choices, bounds, whether listings are narrowed by it
TYPES: dict[str, tuple[tuple[str, str, str, str, str, str, str, bool], ...]] = {
    "그릇": (
        ("material", "재질", "Material", "choice", "", GLAZES, "", True),
        ("tone", "색감", "Tone", "colour", "", COLOURS, "", True),
        ("width", "너비", "Width", "number", "cm", "", "10, 20, 30", True),
        ("dishwasher", "식기세척기", "Dishwasher safe", "boolean", "", "", "", True),
        ("made-by", "만드는 법", "How it is made", "text", "", "", "", False),
    ),
    "생활": (
        ("tone", "색감", "Tone", "colour", "", COLOURS, "", True),
        ("width", "너비", "Width", "number", "cm", "", "10, 20, 30", True),
        ("handmade", "수공예", "Made by hand", "boolean", "", "", "", True),
    ),
}

# title and text, Korean and English
CARE = (
    "도자기 돌보기",
    "Caring for ceramics",
    (
        "<p>처음 쓰기 전에 미지근한 물에 한 시간 담가 두세요. 쓰고 난 뒤에는 부드러운 수세미로 씻어 물기를 말립니다.</p>"
        "<p>찬 그릇에 끓는 물을 바로 붓거나 불 위에 올리지 마세요.</p>"
    ),
    (
        "<p>Before first use, leave it in lukewarm water for an hour. Wash it with a soft sponge and let it dry.</p>"
        "<p>Do not pour boiling water into a cold piece, and do not put it on the stove.</p>"
    ),
)
SIZE = (
    "크기 고르기",
    "Choosing a size",
    "<p>밥공기는 지름 11~12cm, 앞접시는 18cm, 한 사람의 반찬 접시는 24cm가 알맞습니다.</p>",
    "<p>A rice bowl is 11 to 12 cm wide, a side plate 18 cm, a plate for one main dish 24 cm.</p>",
)

EXTRAS: dict[str, Extra] = {
    "rice-bowl": Extra(
        brand="heulkbit",
        kind="그릇",
        values={"material": "백자", "tone": "흰색", "width": "11.5", "dishwasher": "yes",
                "made-by": {"ko": "물레 성형", "en": "Thrown on the wheel"}},
        notice="kitchen",
        guides=True,
        matching=("brass-spoons", "black-plate"),
    ),
    "black-plate": Extra(
        brand="heulkbit",
        kind="그릇",
        values={"material": "흑유", "tone": "먹색", "width": "18", "dishwasher": "yes"},
        notice="kitchen",
        guides=True,
        matching=("rice-bowl",),
    ),
    "brass-spoons": Extra(
        brand="gyeol",
        kind="그릇",
        values={"material": "유기", "tone": "금색", "width": "21", "dishwasher": "no"},
        notice="kitchen",
        badge=("선물 추천", "Good gift"),
    ),
    "celadon-cup": Extra(
        brand="heulkbit",
        kind="그릇",
        values={"material": "청자", "tone": "비취", "width": "8", "dishwasher": "yes"},
        notice="kitchen",
        guides=True,
        matching=("tea-tray", "tea-caddy"),
    ),
    "tea-caddy": Extra(
        brand="gyeol",
        kind="그릇",
        values={"material": "황동", "tone": "금색", "width": "7.8", "dishwasher": "no"},
        notice="kitchen",
        percent=20,
    ),
    "tea-tray": Extra(
        brand="gyeol",
        kind="생활",
        values={"tone": "나무", "width": "36", "handmade": "yes"},
        notice="kitchen",
        made_to_order=True,
    ),
    "soy-candle": Extra(brand="maru", notice="chemical", content=(220, "g"), matching=("incense-holder",)),
    "incense-holder": Extra(
        brand="heulkbit",
        kind="생활",
        values={"tone": "흰색", "width": "9", "handmade": "yes"},
        notice="other",
        matching=("soy-candle",),
    ),
    "moon-jar": Extra(
        brand="heulkbit",
        kind="생활",
        values={"tone": "흰색", "width": "18", "handmade": "yes"},
        notice="other",
        similar=("celadon-cup", "rice-bowl"),
    ),
    "linen-cloth": Extra(
        brand="maru", kind="생활", values={"tone": "쪽빛", "width": "32", "handmade": "no"}, notice="bedding",
        percent=15
    ),
    "soban": Extra(
        brand="gyeol", kind="생활", values={"tone": "나무", "width": "36", "handmade": "yes"}, notice="furniture"
    ),
    "paper-lamp": Extra(
        brand="gyeol", kind="생활", values={"tone": "흰색", "width": "20", "handmade": "yes"}, notice="electronics"
    ),
}  # fmt: skip

# collections: slug, title and intro in Korean and English, rule
COLLECTIONS = (
    (
        "on-sale",
        ("지금 할인", "정해진 날까지만 값을 내린 것들입니다."),
        ("On sale now", "Reduced until the day that is said with each."),
        {"rule_reduced": True},
    ),
    (
        "small-gifts",
        ("4만 원 이하 선물", "가볍게 건네기 좋은 것들입니다."),
        ("Gifts up to ₩40,000", "Small things to give."),
        {"rule_below": 40_000},
    ),
    (
        "first-home",
        ("첫 살림 다섯 점", "새 집에 먼저 들이면 좋은 것부터 차례로 골랐습니다."),
        ("Five things for a first home", "Chosen by hand, in the order in which we would buy them."),
        {"fills": "picked", "picks": ("rice-bowl", "brass-spoons", "soban", "linen-cloth", "paper-lamp")},
    ),
)

# lines of the product information → rows of the notice
ROWS = {
    "소재": ("material", "fibres"),
    "크기": ("size",),
    "구성": ("parts",),
    "제조국": ("origin",),
    "색": ("colour",),
    "품질보증기준": ("guarantee",),
    "A/S 책임자와 전화번호": ("service", "hotline"),
    "신고번호": ("safety_report",),
    "안전": ("cautions",),
    "Material": ("material", "fibres"),
    "Size": ("size",),
    "In the box": ("parts",),
    "Made in": ("origin",),
    "Guarantee": ("guarantee",),
    "After-sales service": ("service", "hotline"),
}
