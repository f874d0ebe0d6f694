"""Tableware."""

from cms.demo.kinds import GUARANTEE, GUARANTEE_EN, Choice, Good, Shot, Words

GOODS = [
    Good(
        slug="rice-bowl",
        categories=("tableware/bowls",),
        option=("색", "Glaze"),
        rank=90,
        choices=(
            Choice(sku="RICE-BOWL-WHITE", ko="백자", en="White", price=28_000, weight=310, stock=42, picture="rice-bowl-front"),
            Choice(sku="RICE-BOWL-CELADON", ko="청자", en="Celadon", price=32_000, weight=320, stock=18, picture="rice-bowl-celadon"),
        ),
        pictures=(
            Shot(file="rice-bowl-front", ko="굽이 있는 백자 밥공기", en="White porcelain rice bowl on a turned foot"),
            Shot(file="rice-bowl-celadon", ko="청자빛 밥공기", en="Rice bowl in celadon glaze"),
            Shot(file="rice-bowl-scale", role="scale", ko="리넨 천 위에 유기 수저와 함께 놓인 백자 밥공기", en="Rice bowl on linen beside brass spoon and chopsticks"),
        ),
        ko=Words(
            title="백자 밥공기",
            summary="두 손에 꼭 맞는 한 그릇. 김이 오를 때 가장 예쁜 백자 밥공기입니다.",
            story="<h2>한 그릇에 알맞은 크기</h2><p>밥 한 주걱 반을 담으면 윗선에서 손가락 한 마디가 남습니다. 그 여백 덕분에 뜨거운 밥을 담아도 "
            "전을 편히 쥘 수 있습니다.</p><p>굽을 조금 높게 깎아 손이 뜨겁지 않고, 안쪽은 둥글게 이어져 밥알이 모서리에 남지 않습니다.</p>"
            "<h3>쓰는 법</h3><p>식기세척기와 전자레인지에 넣어도 됩니다. 차가운 그릇에 끓는 물을 바로 붓는 일만 피해 주세요.</p>",
            quote=("밥그릇은 하루에 세 번 손에 쥐는 물건이라, 보기보다 쥐기를 먼저 생각합니다.", "그릇을 빚은 이"),
            details=(
                ("소재", "백자토, 투명유 또는 청자유"),
                ("크기", "지름 11.5cm, 높이 6.5cm, 용량 약 320ml"),
                ("무게", "약 310g"),
                ("구성", "1개"),
                ("제조국", "대한민국"),
                ("사용", "식기세척기·전자레인지 가능, 직화 불가"),
                *GUARANTEE,
            ),
            seo="손에 꼭 맞는 백자 밥공기. 백자와 청자 두 가지 색, 식기세척기와 전자레인지 사용 가능.",
        ),
        en=Words(
            title="White rice bowl",
            summary="One bowl that sits in two hands, at its best when the rice still steams.",
            story="<h2>The size of one helping</h2><p>Filled with a scoop and a half of rice, it keeps a finger's width free below the rim, "
            "so that you can hold it while the rice is hot.</p><p>The foot is cut a little higher than usual: your hand stays cool. Inside, the "
            "curve has no corner in which a grain could stay behind.</p><h3>Care</h3><p>Dishwasher and microwave are fine. Do not pour boiling "
            "water into a cold bowl.</p>",
            quote=("A rice bowl is held three times a day, so I think of the hand before the eye.", "The potter"),
            details=(
                ("Material", "Porcelain, clear or celadon glaze"),
                ("Size", "Ø 11.5 cm, height 6.5 cm, about 320 ml"),
                ("Weight", "About 310 g"),
                ("In the box", "1 bowl"),
                ("Made in", "Republic of Korea"),
                ("Use", "Dishwasher and microwave safe, not for the stove"),
                *GUARANTEE_EN,
            ),
            seo="A white porcelain rice bowl made in Korea, in white or celadon. Dishwasher and microwave safe.",
        ),
    ),
    Good(
        slug="black-plate",
        categories=("tableware/plates",),
        option=("크기", "Size"),
        rank=70,
        choices=(
            Choice(sku="BLACK-PLATE-18", ko="18cm", en="18 cm", price=34_000, weight=420, stock=26, picture="black-plate-front"),
            Choice(sku="BLACK-PLATE-24", ko="24cm", en="24 cm", price=52_000, weight=760, stock=14, picture="black-plate-scale"),
        ),
        pictures=(
            Shot(file="black-plate-front", ko="흑유를 입힌 둥근 접시", en="Round plate in black glaze"),
            Shot(file="black-plate-scale", role="scale", ko="백자 공기를 올린 흑유 접시", en="Black plate carrying a white bowl"),
        ),
        ko=Words(
            title="흑유 접시",
            summary="먹빛 바탕이 음식의 색을 앞으로 꺼내 주는, 낮고 너른 접시입니다.",
            story="<h2>검정은 배경의 색입니다</h2><p>철이 많은 유약을 두 번 입혀 구우면 검정 안에 갈색과 푸른빛이 어른거립니다. 두부 한 모, 나물 한 줌도 "
            "또렷하게 보입니다.</p><p>전을 살짝 세워 국물이 흐르지 않고, 겹쳐 쌓으면 높이가 가지런합니다. 18cm는 앞접시와 과일에, 24cm는 생선 한 마리에 알맞습니다.</p>",
            details=(
                ("소재", "조합토, 흑유"),
                ("크기", "18cm: 지름 18cm, 높이 2.4cm / 24cm: 지름 24cm, 높이 2.8cm"),
                ("무게", "18cm 약 420g / 24cm 약 760g"),
                ("구성", "1개"),
                ("제조국", "대한민국"),
                ("사용", "식기세척기·전자레인지 가능, 직화 불가"),
                *GUARANTEE,
            ),
            seo="음식의 색을 살리는 흑유 접시. 18cm와 24cm, 식기세척기 사용 가능.",
        ),
        en=Words(
            title="Black plate",
            summary="A low, wide plate whose ink-dark glaze lets the colours of food come forward.",
            story="<h2>Black is for the background</h2><p>Two coats of an iron-rich glaze leave brown and blue moving inside the black. A piece of "
            "tofu or a handful of greens looks clear on it.</p><p>The rim stands up just enough to keep a sauce where it is, and the plates stack "
            "level. 18 cm for sharing and fruit, 24 cm for a whole fish.</p>",
            details=(
                ("Material", "Stoneware, black iron glaze"),
                ("Size", "18 cm: Ø 18 cm, height 2.4 cm / 24 cm: Ø 24 cm, height 2.8 cm"),
                ("Weight", "18 cm about 420 g / 24 cm about 760 g"),
                ("In the box", "1 plate"),
                ("Made in", "Republic of Korea"),
                ("Use", "Dishwasher and microwave safe, not for the stove"),
                *GUARANTEE_EN,
            ),
            seo="A black-glazed stoneware plate from Korea in two sizes, 18 and 24 cm.",
        ),
    ),
    Good(
        slug="brass-spoons",
        categories=("tableware",),
        option=("구성", "Set"),
        rank=60,
        choices=(
            Choice(sku="BRASS-SPOONS-1", ko="1벌", en="1 set", price=48_000, weight=120, stock=33, picture="brass-spoons-front"),
            Choice(sku="BRASS-SPOONS-2", ko="2벌", en="2 sets", price=92_000, weight=240, stock=16, picture="brass-spoons-front"),
        ),
        pictures=(
            Shot(file="brass-spoons-front", role="scale", ko="접은 리넨 위의 유기 숟가락과 젓가락", en="Brass spoon and chopsticks on folded linen"),
            Shot(file="brass-spoons-scale", role="detail", ko="유기 숟가락의 둥근 술잎을 가까이 본 모습", en="Close view of the round bowl of the brass spoon"),
        ),
        ko=Words(
            title="유기 수저",
            summary="구리와 주석만으로 두드려 만든 놋수저. 쓸수록 손의 빛이 배어듭니다.",
            story="<h2>두드려 얇게, 닦아서 따뜻하게</h2><p>놋쇠를 달구어 두드리면 얇아도 단단해집니다. 술잎은 국을 뜨기 좋게 둥글고, 젓가락은 끝을 네모로 "
            "깎아 콩도 미끄러지지 않습니다.</p><h3>닦는 법</h3><p>쓴 뒤에는 부드러운 수세미로 씻어 바로 물기를 닦아 주세요. 얼룩은 초록 수세미로 결을 따라 문지르면 "
            "새 빛이 돌아옵니다. 식기세척기는 피하는 것이 좋습니다.</p>",
            details=(
                ("소재", "유기(구리 78%, 주석 22%)"),
                ("크기", "숟가락 21cm, 젓가락 22cm"),
                ("무게", "1벌 약 120g"),
                ("구성", "1벌: 숟가락 1, 젓가락 1쌍 / 2벌: 숟가락 2, 젓가락 2쌍"),
                ("제조국", "대한민국"),
                ("사용", "손 세척, 식기세척기 불가"),
                *GUARANTEE,
            ),
            seo="구리와 주석으로 두드려 만든 유기 수저. 1벌과 2벌 구성.",
        ),
        en=Words(
            title="Brass spoon and chopsticks",
            summary="Hammered from copper and tin alone; the more you use them, the more of your hand they show.",
            story="<h2>Hammered thin, polished warm</h2><p>Bronze that is heated and hammered grows hard though it is thin. The bowl of the spoon is "
            "round, for soup; the tips of the chopsticks are squared, so that not even a bean slips.</p><h3>Care</h3><p>Wash with a soft sponge and "
            "dry at once. Rub stains along the grain with a scouring pad and the shine comes back. Keep them out of the dishwasher.</p>",
            details=(
                ("Material", "Korean bronze (78% copper, 22% tin)"),
                ("Size", "Spoon 21 cm, chopsticks 22 cm"),
                ("Weight", "About 120 g a set"),
                ("In the box", "1 set: 1 spoon, 1 pair / 2 sets: 2 spoons, 2 pairs"),
                ("Made in", "Republic of Korea"),
                ("Use", "Wash by hand"),
                *GUARANTEE_EN,
            ),
            seo="Hammered Korean bronze spoon and chopsticks, one or two sets.",
        ),
    ),
]  # fmt: skip
