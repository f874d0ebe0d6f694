"""The demo shop's settings. Every number and name here is made up and looks it."""

from cms.demo.kinds import SERVICE_PHONE

SETTINGS = {
    "brand": "마루",
    "brand_en": "Maru",
    "tagline": "매일 쓰는 것을 아름답게",
    "tagline_en": "Everyday things, made beautiful",
    "announcement": "5만원 이상 무료배송 · 이 상점은 데모입니다. 실제로 결제되지 않습니다.",
    "announcement_en": "Free delivery from ₩50,000 · This is a demo shop: nothing is charged.",
    "legal_name": "주식회사 마루데모",
    "legal_name_en": "Maru Demo Inc.",
    "representative": "홍길동",
    "representative_en": "Hong Gildong",
    "address": "서울특별시 중구 데모로 1, 2층",
    "address_en": "2F, 1 Demo-ro, Jung-gu, Seoul",
    "phone": SERVICE_PHONE,
    "email": "hello@maru.example",
    "business_number": "000-00-00000",
    "mail_order_number": "제0000-데모-0000호",
    "mail_order_authority": "서울특별시 중구청",
    "mail_order_authority_en": "Jung-gu Office, Seoul",
    "hosting_provider": "마루 데모 호스팅",
    "hosting_provider_en": "Maru Demo Hosting",
    "escrow_note": "현금으로 결제하실 때 구매안전서비스(에스크로)를 이용하실 수 있습니다. (데모 표기)",
    "escrow_note_en": "Cash payments can be protected by escrow. (Demo entry)",
    "service_hours": "평일 10:00–17:00 (점심 12:00–13:00), 주말·공휴일 쉼",
    "service_hours_en": "Weekdays 10:00–17:00 KST (lunch 12:00–13:00), closed on weekends and holidays",
}

USERS = [  # address, password, name, group, superuser
    ("editor@maru.example", "maru-editor", "편집자", "Editors", False),
    ("staff@maru.example", "maru-staff", "운영자", "Staff", False),
    ("admin@maru.example", "maru-admin", "관리자", "", True),
    ("shopper@maru.example", "maru-shopper", "김단골", "", False),
]
