"""Things for a room."""

from cms.demo.kinds import GUARANTEE, GUARANTEE_EN, Choice, Good, Shot, Words

GOODS = [
    Good(
        slug="moon-jar",
        categories=("home",),
        option=("크기", "Size"),
        rank=100,
        choices=(
            Choice(sku="MOON-JAR-S", ko="소", en="Small", price=120_000, weight=1_400, stock=7, picture="moon-jar-front"),
            Choice(sku="MOON-JAR-M", ko="중", en="Medium", price=240_000, weight=3_200, stock=4, picture="moon-jar-front"),
            Choice(sku="MOON-JAR-L", ko="대", en="Large", price=380_000, weight=6_800, stock=1, picture="moon-jar-scale"),
        ),
        pictures=(
            Shot(file="moon-jar-front", ko="둥근 백자 달항아리", en="White porcelain moon jar"),
            Shot(file="moon-jar-scale", role="scale", ko="소반 위에 올린 달항아리", en="Moon jar standing on a soban table"),
        ),
        ko=Words(
            title="달항아리",
            summary="두 개의 반달을 맞붙여 빚은 백자. 조금 기울어서 더 둥급니다.",
            story="<h2>둘을 이어 하나의 달로</h2><p>큰 사발 두 개를 따로 빚어 입을 맞대고 이어 붙입니다. 가운데 이은 자리가 구워지며 살짝 내려앉아, 어느 쪽에서 보아도 "
            "같은 원이 아닙니다. 달항아리가 살아 있는 듯 보이는 까닭입니다.</p><p>꽃을 꽂아도 좋지만, 비워 두고 하루 동안 벽에 지는 그림자를 보는 것도 권합니다.</p>",
            quote=("완전한 원을 빚으려 했다면 벌써 그만두었을 겁니다.", "도예가"),
            details=(
                ("소재", "백자토, 투명유"),
                ("크기", "소: 지름 18cm / 중: 지름 26cm / 대: 지름 36cm"),
                ("무게", "소 약 1.4kg / 중 약 3.2kg / 대 약 6.8kg"),
                ("구성", "1점, 나무 상자(중·대)"),
                ("제조국", "대한민국"),
                ("사용", "장식용, 물을 담을 때는 받침 사용"),
                *GUARANTEE,
            ),
            seo="두 반달을 이어 빚은 백자 달항아리. 소·중·대 세 가지 크기.",
        ),
        en=Words(
            title="Moon jar",
            summary="White porcelain joined from two half moons; rounder for leaning a little.",
            story="<h2>Two bowls become one moon</h2><p>Two large bowls are thrown apart, then joined mouth to mouth. In the kiln the seam settles a little, "
            "so that no side shows the same circle. That is why a moon jar seems alive.</p><p>It takes flowers well. We would also leave it empty and watch "
            "its shadow cross the wall for a day.</p>",
            quote=("Had I wanted a perfect circle, I would have stopped long ago.", "The potter"),
            details=(
                ("Material", "Porcelain, clear glaze"),
                ("Size", "Small Ø 18 cm / medium Ø 26 cm / large Ø 36 cm"),
                ("Weight", "Small about 1.4 kg / medium about 3.2 kg / large about 6.8 kg"),
                ("In the box", "1 jar, with a wooden box for medium and large"),
                ("Made in", "Republic of Korea"),
                ("Use", "Decorative; stand it on a coaster when filled"),
                *GUARANTEE_EN,
            ),
            seo="A white porcelain moon jar from Korea in three sizes.",
        ),
    ),
    Good(
        slug="linen-cloth",
        categories=("tea", "home"),
        option=("색", "Colour"),
        rank=45,
        choices=(
            Choice(sku="LINEN-NATURAL", ko="내추럴", en="Natural", price=12_000, weight=60, stock=80, picture="linen-cloth-front"),
            Choice(sku="LINEN-INDIGO", ko="쪽빛", en="Indigo", price=14_000, weight=60, stock=45, picture="linen-cloth-indigo"),
            Choice(sku="LINEN-INK", ko="먹", en="Ink", price=14_000, weight=60, stock=38, picture="linen-cloth-ink"),
        ),
        pictures=(
            Shot(file="linen-cloth-front", ko="접어 쌓은 내추럴 리넨 천", en="Folded linen cloths, natural"),
            Shot(file="linen-cloth-indigo", ko="접어 쌓은 쪽빛 리넨 천", en="Folded linen cloths, indigo"),
            Shot(file="linen-cloth-ink", ko="접어 쌓은 먹색 리넨 천", en="Folded linen cloths, ink"),
            Shot(file="linen-cloth-scale", role="scale", ko="리넨 천의 결과 접힌 모서리", en="Weave and folded edge of the linen cloth"),
        ),
        ko=Words(
            title="리넨 다포",
            summary="잔을 닦고, 찻자리를 덮고, 물기를 받는 손바닥 네 개만 한 리넨입니다.",
            story="<h2>빨수록 부드러워지는 천</h2><p>가장자리를 두 번 접어 손으로 감쳤습니다. 처음에는 빳빳하지만 다섯 번쯤 빨면 물을 잘 먹고 손에 감깁니다.</p>"
            "<p>쪽빛과 먹빛은 처음 몇 번 따로 빨아 주세요. 물기를 머금은 채 반듯하게 펴서 말리면 다림질이 필요 없습니다.</p>",
            details=(
                ("소재", "리넨 100%"),
                ("크기", "가로 32cm, 세로 32cm"),
                ("무게", "약 60g"),
                ("구성", "1장"),
                ("제조국", "대한민국"),
                ("세탁", "30℃ 물세탁, 표백제·건조기 사용 안 함"),
                *GUARANTEE,
            ),
            seo="찻자리에 쓰는 리넨 다포. 내추럴, 쪽빛, 먹 세 가지 색.",
        ),
        en=Words(
            title="Linen tea cloth",
            summary="Four palms of linen: for drying cups, covering the tea table, catching a drop.",
            story="<h2>Softer with every wash</h2><p>The edges are folded twice and sewn by hand. Crisp at first, it drinks water well and follows your hand "
            "after five washes.</p><p>Wash indigo and ink apart the first few times. Smoothed out while damp, it dries without ironing.</p>",
            details=(
                ("Material", "100% linen"),
                ("Size", "32 × 32 cm"),
                ("Weight", "About 60 g"),
                ("In the box", "1 cloth"),
                ("Made in", "Republic of Korea"),
                ("Care", "Wash at 30 °C, no bleach, no tumble dryer"),
                *GUARANTEE_EN,
            ),
            seo="A hand-hemmed linen tea cloth in natural, indigo or ink.",
        ),
    ),
    Good(
        slug="soban",
        categories=("home", "tableware"),
        option=("마감", "Finish"),
        rank=80,
        choices=(
            Choice(sku="SOBAN-NATURAL", ko="자연", en="Natural", price=260_000, weight=2_600, stock=5, picture="soban-front"),
            Choice(sku="SOBAN-DARK", ko="짙은 옻칠", en="Dark lacquer", price=280_000, weight=2_700, stock=3, picture="soban-lacquer"),
        ),
        pictures=(
            Shot(file="soban-front", ko="호랑이 다리를 한 십이각 소반", en="Twelve-sided soban table on tiger legs"),
            Shot(file="soban-lacquer", ko="짙은 옻칠 소반", en="Soban table in dark lacquer"),
            Shot(file="soban-scale", role="scale", ko="밥공기와 찻잔을 올린 소반", en="Soban table set with bowls and a tea cup"),
        ),
        ko=Words(
            title="소반",
            summary="혼자 먹는 밥도 상이 되는 작은 십이각 소반입니다.",
            story="<h2>한 사람을 위한 상</h2><p>은행나무 판에 호랑이 다리를 끼워 맞춥니다. 못을 쓰지 않아 다리가 헐거워지면 두드려 다시 조일 수 있습니다. "
            "어른 한 사람의 밥, 국, 반찬 셋이 편안히 놓입니다.</p><p>침대 곁에서는 작은 협탁이, 창가에서는 화분 받침이 되기도 합니다.</p>",
            details=(
                ("소재", "은행나무, 천연 기름 또는 옻칠"),
                ("크기", "지름 36cm, 높이 26cm"),
                ("무게", "약 2.6kg"),
                ("구성", "1개, 완제품"),
                ("제조국", "대한민국"),
                ("사용", "뜨거운 냄비는 받침을 대고 올리기, 물기는 바로 닦기"),
                *GUARANTEE,
            ),
            seo="못 없이 짜 맞춘 십이각 소반. 자연 마감과 짙은 옻칠.",
        ),
        en=Words(
            title="Soban",
            summary="A small twelve-sided table that makes a meal of whatever you eat alone.",
            story="<h2>A table for one</h2><p>Tiger legs are fitted into a ginkgo top without a nail, so that a loose leg can be tapped tight again. Rice, soup "
            "and three side dishes stand on it at ease.</p><p>It also serves as a bedside table, or as a stand for a plant by the window.</p>",
            details=(
                ("Material", "Ginkgo wood, natural oil or lacquer"),
                ("Size", "Ø 36 cm, height 26 cm"),
                ("Weight", "About 2.6 kg"),
                ("In the box", "1 table, assembled"),
                ("Made in", "Republic of Korea"),
                ("Use", "Use a trivet under hot pots; wipe water at once"),
                *GUARANTEE_EN,
            ),
            seo="A twelve-sided Korean soban table made without nails.",
        ),
    ),
    Good(
        slug="paper-lamp",
        categories=("home",),
        option=("크기", "Size"),
        rank=75,
        choices=(
            Choice(sku="LAMP-SMALL", ko="소", en="Small", price=118_000, weight=700, stock=10, picture="paper-lamp-front"),
            Choice(sku="LAMP-LARGE", ko="대", en="Large", price=168_000, weight=1_100, stock=6, picture="paper-lamp-scale"),
        ),
        pictures=(
            Shot(file="paper-lamp-front", ko="은은하게 빛나는 한지 조명", en="Paper lamp glowing softly"),
            Shot(file="paper-lamp-scale", role="scale", ko="책과 찻잔 곁에 켠 한지 조명", en="Paper lamp lit beside a book and a cup"),
        ),
        ko=Words(
            title="한지 조명",
            summary="닥종이를 통과한 빛은 벽보다 먼저 마음을 비춥니다.",
            story="<h2>빛을 거르는 종이</h2><p>닥나무 껍질을 두드려 뜬 한지를 두 겹으로 발랐습니다. 불을 끄면 흰 종이, 켜면 섬유의 결이 드러납니다. 밝기는 세 단계로 "
            "조절되고, 가장 낮은 밝기는 밤에 물을 뜨러 가기에 알맞습니다.</p><p>먼지는 마른 붓으로 털어 주세요. 종이가 찢어지면 무상으로 한 번 다시 발라 드립니다.</p>",
            details=(
                ("소재", "한지(닥), 자작나무, LED 모듈"),
                ("크기", "소: 지름 20cm, 높이 28cm / 대: 지름 28cm, 높이 40cm"),
                ("전원", "DC 5V(USB-C), 소 3W / 대 5W, 색온도 2700K"),
                ("구성", "조명, USB-C 케이블 1.8m(어댑터 별도)"),
                ("제조국", "대한민국"),
                ("KC 인증", "데모용 표기"),
                *GUARANTEE,
            ),
            seo="닥종이를 두 겹으로 바른 한지 조명. 세 단계 밝기, USB-C.",
        ),
        en=Words(
            title="Paper lamp",
            summary="Light that has passed through mulberry paper reaches you before it reaches the wall.",
            story="<h2>Paper that filters light</h2><p>Two layers of hanji, made from beaten mulberry bark. White when it is off; when it is lit, the fibres appear. "
            "Three levels of brightness: the lowest is just right for fetching water at night.</p><p>Dust it with a dry brush. Should the paper tear, we "
            "renew it once without charge.</p>",
            details=(
                ("Material", "Hanji (mulberry paper), birch, LED module"),
                ("Size", "Small Ø 20 cm, height 28 cm / large Ø 28 cm, height 40 cm"),
                ("Power", "5 V DC (USB-C), small 3 W / large 5 W, 2700 K"),
                ("In the box", "Lamp, 1.8 m USB-C cable (adapter not included)"),
                ("Made in", "Republic of Korea"),
                ("KC certification", "Demo entry"),
                *GUARANTEE_EN,
            ),
            seo="A Korean paper lamp in two sizes, three levels of light, USB-C.",
        ),
    ),
]  # fmt: skip
