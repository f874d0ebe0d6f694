"""Scent."""

from cms.demo.kinds import GUARANTEE, GUARANTEE_EN, Choice, Good, Shot, Words

GOODS = [
    Good(
        slug="soy-candle",
        categories=("scent",),
        option=("향", "Scent"),
        rank=55,
        choices=(
            Choice(sku="CANDLE-PINE", ko="솔", en="Pine", price=38_000, weight=520, stock=40, picture="soy-candle-front"),
            Choice(sku="CANDLE-MUGWORT", ko="쑥", en="Mugwort", price=38_000, weight=520, stock=28, picture="soy-candle-front"),
            Choice(sku="CANDLE-TANGERINE", ko="귤", en="Tangerine", price=38_000, weight=520, stock=22, picture="soy-candle-front"),
        ),
        pictures=(
            Shot(file="soy-candle-front", ko="불을 켠 도자기 소이 캔들", en="Soy candle burning in a ceramic vessel"),
            Shot(file="soy-candle-scale", role="scale", ko="책 두 권 위에서 타는 소이 캔들", en="Soy candle burning on two books"),
        ),
        ko=Words(
            title="소이 캔들",
            summary="콩기름 왁스에 솔, 쑥, 귤의 향을 담았습니다. 다 쓰면 잔이 남습니다.",
            story="<h2>세 가지 들과 숲</h2><p><b>솔</b>은 비 온 뒤의 소나무 숲, <b>쑥</b>은 볕에 말린 쑥과 흙, <b>귤</b>은 겨울 방의 귤껍질입니다. 세 향 모두 "
            "옅게 시작해 방을 천천히 채웁니다.</p><h3>처음 켤 때</h3><p>표면이 가장자리까지 고루 녹을 때까지 두 시간쯤 켜 두세요. 심지는 켤 때마다 5mm로 다듬으면 "
            "그을음이 생기지 않습니다.</p>",
            details=(
                ("소재", "소이 왁스, 면 심지, 천연 향료 / 용기: 도자기"),
                ("크기", "지름 8.5cm, 높이 8cm, 왁스 220g"),
                ("연소 시간", "약 45시간"),
                ("제조국", "대한민국"),
                ("안전", "자리를 비울 때는 끄기, 어린이와 반려동물의 손이 닿지 않는 곳에 두기"),
                ("신고번호", "안전확인대상 생활화학제품 신고번호 (데모용 표기)"),
                *GUARANTEE,
            ),
            seo="솔, 쑥, 귤 세 가지 향의 소이 캔들. 45시간, 도자기 용기.",
        ),
        en=Words(
            title="Soy candle",
            summary="Pine, mugwort or tangerine in soy wax. When it has burned down, you keep the cup.",
            story="<h2>Three fields and forests</h2><p><b>Pine</b> is a forest after rain, <b>mugwort</b> dried herbs and earth, <b>tangerine</b> the peel "
            "on a winter stove. All three begin quietly and fill a room slowly.</p><h3>The first time</h3><p>Let it burn about two hours, until the wax has "
            "melted up to the edge. Trim the wick to 5 mm each time and there will be no soot.</p>",
            details=(
                ("Material", "Soy wax, cotton wick, natural fragrance / vessel: ceramic"),
                ("Size", "Ø 8.5 cm, height 8 cm, 220 g of wax"),
                ("Burns", "About 45 hours"),
                ("Made in", "Republic of Korea"),
                ("Safety", "Put it out when you leave; keep away from children and pets"),
                ("Report number", "Household chemical product report (demo entry)"),
                *GUARANTEE_EN,
            ),
            seo="A soy candle with pine, mugwort or tangerine in a ceramic cup. 45 hours.",
        ),
    ),
    Good(
        slug="incense-holder",
        categories=("scent",),
        option=("색", "Glaze"),
        rank=40,
        choices=(
            Choice(sku="INCENSE-WHITE", ko="백자", en="White", price=18_000, weight=90, stock=36, picture="incense-holder-front"),
            Choice(sku="INCENSE-BLACK", ko="흑유", en="Black", price=18_000, weight=90, stock=19, picture="incense-holder-black"),
        ),
        pictures=(
            Shot(file="incense-holder-front", ko="선향을 꽂은 백자 향꽂이", en="White incense holder with a burning stick"),
            Shot(file="incense-holder-black", ko="선향을 꽂은 흑유 향꽂이", en="Black incense holder with a burning stick"),
            Shot(file="incense-holder-scale", role="scale", ko="책 위에 놓인 백자 향꽂이", en="White incense holder standing on a book"),
        ),
        ko=Words(
            title="향꽂이",
            summary="선향 하나와 재를 함께 받는, 손바닥보다 작은 도자 향꽂이입니다.",
            story="<h2>재까지 받아 내는 너비</h2><p>가운데 구멍은 두께 2mm의 선향에 맞추고, 받침은 향이 다 타도록 재를 놓치지 않을 만큼 넓혔습니다. "
            "책 한 권 위에도 가볍게 놓입니다.</p><p>재는 물로 헹구고 마른 천으로 닦으면 됩니다.</p>",
            details=(
                ("소재", "백자토 또는 조합토"),
                ("크기", "지름 9cm, 높이 2cm, 구멍 2.2mm"),
                ("무게", "약 90g"),
                ("구성", "향꽂이 1개(선향 별도)"),
                ("제조국", "대한민국"),
                *GUARANTEE,
            ),
            seo="재까지 받아 주는 도자 향꽂이. 백자와 흑유.",
        ),
        en=Words(
            title="Incense holder",
            summary="Smaller than your palm: it holds one stick and catches all of its ash.",
            story="<h2>Wide enough for the ash</h2><p>The hole fits sticks of 2 mm, and the dish is wide enough to catch the ash until the stick has burned down. "
            "It stands lightly even on a book.</p><p>Rinse the ash away and dry with a cloth.</p>",
            details=(
                ("Material", "Porcelain or stoneware"),
                ("Size", "Ø 9 cm, height 2 cm, hole 2.2 mm"),
                ("Weight", "About 90 g"),
                ("In the box", "1 holder (without incense)"),
                ("Made in", "Republic of Korea"),
                *GUARANTEE_EN,
            ),
            seo="A small ceramic incense holder that catches its ash, in white or black.",
        ),
    ),
]  # fmt: skip
