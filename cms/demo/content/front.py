"""The first page of the demo shop, band by band."""

from typing import Any

KO: dict[str, Any] = {
    "title": "마루 — 매일 쓰는 것을 아름답게",
    "seo": "마루는 한국의 손으로 만든 그릇, 차 도구, 향, 공간의 물건을 소개합니다. 5만원 이상 무료배송.",
    "hero": {
        "eyebrow": "손으로 만든 일상",
        "heading": "매일 쓰는 것을 아름답게",
        "text": "그릇과 차, 향과 빛. 한국의 손이 만든 물건을 한 점씩 골라 들입니다.",
        "link": "모두 둘러보기",
    },
    "tiles": "둘러보기",
    "newest": ("새로 들어온 것", "가마와 공방에서 갓 도착했습니다.", "새 상품 모두 보기"),
    "picked": ("오래 사랑받은 것", "가장 먼저 권하고 싶은 네 가지입니다."),
    "stories": ("이야기", "이야기 모두 보기"),
    "band": (
        "오래 쓸 수 있는 것만 들입니다",
        (
            "만드는 이를 찾아가 쓰임을 묻고, 한 계절을 써 본 뒤에 들여놓습니다. 깨지고 닳았을 때 고쳐 쓸 수 있는지도 살핍니다. "
            "그래서 물건이 많지 않습니다."
        ),
    ),
    "service": [
        ("5만원 이상 무료배송", "미만은 3,000원, 제주·도서산간은 추가"),
        ("7일 안에 편히 반품", "받으신 날부터 7일, 단순 변심도 가능"),
        ("깨짐 없이 도착하도록", "종이 완충재로 하나씩 감쌉니다"),
    ],
}
EN: dict[str, Any] = {
    "title": "Maru — everyday things, made beautiful",
    "seo": "Maru brings together handmade Korean tableware, tea things, scent and objects for a room.",
    "hero": {
        "eyebrow": "Made by hand, for every day",
        "heading": "Everyday things, made beautiful",
        "text": "Bowls and tea, scent and light: things made by Korean hands, chosen one by one.",
        "link": "See everything",
    },
    "tiles": "Look around",
    "newest": ("Just arrived", "Fresh from the kiln and the workshop.", "All new things"),
    "picked": ("Long loved", "The four things we would show you first."),
    "stories": ("Stories", "All stories"),
    "band": (
        "Only what will last",
        (
            "We visit the makers, ask what each thing is for, and use it for a season before we take it in. We also ask whether it can be repaired "
            "when it chips or wears. That is why there are few things here."
        ),
    ),
    "service": [
        ("Free delivery from ₩50,000", "Below that ₩3,000; Jeju and islands cost extra"),
        ("Seven days to return", "From the day it arrives, also when you change your mind"),
        ("Packed to arrive whole", "Each piece wrapped in paper, one by one"),
    ],
}
