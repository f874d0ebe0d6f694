"""Things for tea."""

from cms.demo.kinds import GUARANTEE, GUARANTEE_EN, Choice, Good, Shot, Words

GOODS = [
    Good(
        slug="celadon-cup",
        categories=("tea",),
        option=("색", "Glaze"),
        rank=95,
        choices=(
            Choice(sku="CUP-CELADON", ko="청자", en="Celadon", price=36_000, weight=180, stock=24, picture="celadon-cup-front"),
            Choice(sku="CUP-WHITE", ko="백자", en="White", price=32_000, weight=180, stock=30, picture="celadon-cup-white"),
            Choice(sku="CUP-BLACK", ko="흑유", en="Black", price=34_000, weight=185, stock=0, picture="celadon-cup-black"),
        ),
        pictures=(
            Shot(file="celadon-cup-front", ko="청자 찻잔", en="Celadon tea cup"),
            Shot(file="celadon-cup-white", ko="백자 찻잔", en="Tea cup in white porcelain"),
            Shot(file="celadon-cup-black", ko="흑유 찻잔", en="Tea cup in black glaze"),
            Shot(file="celadon-cup-scale", role="scale", ko="호두나무 다반 위에 차를 따른 청자 찻잔", en="Celadon cup filled with tea on a walnut tray"),
        ),
        ko=Words(
            title="청자 찻잔",
            summary="비 갠 하늘빛을 두른 손잡이 없는 잔. 두 손으로 감싸 마십니다.",
            story="<h2>식는 속도까지 생각한 두께</h2><p>입술이 닿는 곳은 얇고 몸은 도톰합니다. 차가 천천히 식고, 잔은 뜨겁지 않습니다. 유약 아래의 잔금은 흠이 "
            "아니라 구울 때 생긴 무늬로, 차를 마실수록 결이 깊어집니다.</p><p>물레로 한 점씩 빚어 높이와 빛깔이 조금씩 다릅니다. 다르게 오더라도 반갑게 맞아 주세요.</p>",
            quote=("좋은 잔은 차보다 먼저 말하지 않습니다.", "찻자리를 여는 이"),
            details=(
                ("소재", "청자토·백자토·조합토(색에 따라 다름)"),
                ("크기", "지름 8cm, 높이 6.8cm, 용량 약 150ml"),
                ("무게", "약 180g"),
                ("구성", "1개"),
                ("제조국", "대한민국"),
                ("사용", "식기세척기 가능, 전자레인지 가능"),
                *GUARANTEE,
            ),
            seo="손으로 빚은 청자 찻잔. 청자, 백자, 흑유 세 가지 색.",
        ),
        en=Words(
            title="Celadon tea cup",
            summary="A cup without a handle in the colour of the sky after rain; you drink from it with both hands.",
            story="<h2>As thick as the tea needs</h2><p>Thin where it meets the lips, thicker in the body: tea cools slowly and the cup does not burn. "
            "The fine lines under the glaze are no flaw. They come from the kiln and deepen with every tea.</p><p>Each cup is thrown by hand, so "
            "heights and shades differ a little. Please welcome the one that comes to you.</p>",
            quote=("A good cup never speaks before the tea.", "A tea host"),
            details=(
                ("Material", "Celadon, porcelain or stoneware, by glaze"),
                ("Size", "Ø 8 cm, height 6.8 cm, about 150 ml"),
                ("Weight", "About 180 g"),
                ("In the box", "1 cup"),
                ("Made in", "Republic of Korea"),
                ("Use", "Dishwasher and microwave safe"),
                *GUARANTEE_EN,
            ),
            seo="A hand-thrown Korean tea cup in celadon, white or black.",
        ),
    ),
    Good(
        slug="tea-caddy",
        categories=("tea",),
        option=("색", "Finish"),
        rank=50,
        choices=(
            Choice(sku="CADDY-BRASS", ko="황동", en="Brass", price=86_000, weight=390, stock=12, picture="tea-caddy-front"),
            Choice(sku="CADDY-BRONZE", ko="청동빛", en="Bronze", price=94_000, weight=390, stock=9, picture="tea-caddy-bronze"),
        ),
        pictures=(
            Shot(file="tea-caddy-front", ko="뚜껑을 덮은 황동 차통", en="Brass tea caddy with its lid"),
            Shot(file="tea-caddy-bronze", ko="짙은 청동빛 차통", en="Tea caddy in dark bronze"),
            Shot(file="tea-caddy-scale", role="scale", ko="백자 찻잔과 나란히 놓인 황동 차통", en="Brass tea caddy beside a white tea cup"),
        ),
        ko=Words(
            title="황동 차통",
            summary="뚜껑이 제 무게로 천천히 내려앉는 이중 차통. 찻잎의 향을 가둡니다.",
            story="<h2>소리 없이 닫히는 뚜껑</h2><p>뚜껑을 얹고 손을 떼면 안의 공기를 밀어내며 스르르 내려앉습니다. 그만큼 틈이 없다는 뜻입니다. 안쪽에는 속뚜껑이 "
            "하나 더 있어 햇차의 향이 오래 머뭅니다.</p><p>황동은 쓰는 사람의 손길을 따라 짙어집니다. 처음 빛을 되찾고 싶을 때는 마른 천에 광택제를 조금 묻혀 닦아 주세요.</p>",
            details=(
                ("소재", "황동, 안쪽 주석 도금"),
                ("크기", "지름 7.8cm, 높이 11cm, 찻잎 약 80g"),
                ("무게", "약 390g"),
                ("구성", "차통, 속뚜껑"),
                ("제조국", "대한민국"),
                ("사용", "물세척 불가, 마른 천으로 닦기"),
                *GUARANTEE,
            ),
            seo="뚜껑이 천천히 내려앉는 황동 차통. 찻잎 80g, 황동과 청동빛.",
        ),
        en=Words(
            title="Brass tea caddy",
            summary="A double caddy whose lid sinks by its own weight and keeps the scent of the leaves inside.",
            story="<h2>A lid that closes without a sound</h2><p>Put the lid on and let go: it pushes the air out and settles slowly. That is how close it "
            "fits. A second lid inside keeps the scent of the first harvest.</p><p>Brass darkens along the hand that uses it. To bring back the first "
            "shine, polish with a dry cloth and a little metal polish.</p>",
            details=(
                ("Material", "Brass, tinned inside"),
                ("Size", "Ø 7.8 cm, height 11 cm, about 80 g of leaves"),
                ("Weight", "About 390 g"),
                ("In the box", "Caddy with inner lid"),
                ("Made in", "Republic of Korea"),
                ("Use", "Do not wash; wipe with a dry cloth"),
                *GUARANTEE_EN,
            ),
            seo="A brass tea caddy with a slow-closing lid, for 80 g of leaves.",
        ),
    ),
    Good(
        slug="tea-tray",
        categories=("tea",),
        option=("나무", "Wood"),
        rank=65,
        choices=(
            Choice(sku="TRAY-WALNUT", ko="호두나무", en="Walnut", price=148_000, weight=980, stock=8, picture="tea-tray-front"),
            Choice(sku="TRAY-OAK", ko="참나무", en="Oak", price=128_000, weight=940, stock=11, picture="tea-tray-oak"),
        ),
        pictures=(
            Shot(file="tea-tray-front", ko="모서리를 둥글린 호두나무 다반", en="Walnut tea tray with rounded corners"),
            Shot(file="tea-tray-oak", ko="모서리를 둥글린 참나무 다반", en="Oak tea tray with rounded corners"),
            Shot(file="tea-tray-scale", role="scale", ko="찻잔 두 개와 차통을 올린 호두나무 다반", en="Walnut tray carrying two cups and a tea caddy"),
        ),
        ko=Words(
            title="호두나무 다반",
            summary="한 장의 판에서 파낸 찻상. 잔 둘과 다관 하나가 편히 놓입니다.",
            story="<h2>이음새가 없는 쟁반</h2><p>두꺼운 판을 통째로 파냈기에 물이 스밀 틈이 없습니다. 가장자리는 손가락이 걸리도록 안쪽을 한 번 더 깎아, 들어 올릴 "
            "때 힘이 들지 않습니다.</p><p>나무 기름으로만 마감했습니다. 물을 엎질렀다면 바로 닦고, 계절이 바뀔 때 기름을 얇게 먹여 주세요.</p>",
            details=(
                ("소재", "호두나무 또는 참나무 원목, 식물성 기름 마감"),
                ("크기", "가로 36cm, 세로 24cm, 높이 2.6cm"),
                ("무게", "호두나무 약 980g / 참나무 약 940g"),
                ("구성", "1개"),
                ("제조국", "대한민국"),
                ("사용", "물에 담그지 않기"),
                *GUARANTEE,
            ),
            seo="통판에서 파낸 호두나무 다반. 식물성 기름 마감, 36×24cm.",
        ),
        en=Words(
            title="Walnut tea tray",
            summary="Carved from one board; two cups and a pot stand on it at ease.",
            story="<h2>A tray without a joint</h2><p>It is hollowed from a single thick board, so water finds no gap. The inside of the rim is cut once more "
            "for your fingers: lifting it takes no effort.</p><p>Finished with plant oil alone. Wipe spilled water at once, and give it a thin coat of "
            "oil when the season changes.</p>",
            details=(
                ("Material", "Solid walnut or oak, plant oil"),
                ("Size", "36 × 24 cm, height 2.6 cm"),
                ("Weight", "Walnut about 980 g / oak about 940 g"),
                ("In the box", "1 tray"),
                ("Made in", "Republic of Korea"),
                ("Use", "Do not soak"),
                *GUARANTEE_EN,
            ),
            seo="A tea tray carved from one board of walnut or oak, 36 × 24 cm.",
        ),
    ),
]  # fmt: skip
