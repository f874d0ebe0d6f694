"""What the demo shop's search knows beyond the names of things."""

SYNONYMS = (
    "찻잔, 잔, 컵, 머그, 머그컵, tea cup, cup, mug",
    "밥공기, 공기, 밥그릇, 국그릇, 사발, rice bowl",
    "수저, 숟가락, 젓가락, 스푼, cutlery, spoon, chopsticks",
    "접시, 그릇, 플레이트, 앞접시, plate, dish",
    "다반, 쟁반, 트레이, 찻상, tray",
    "차통, 찻통, 틴케이스, 다관함, caddy, canister",
    "캔들, 향초, 양초, 초, candle",
    "향꽂이, 인센스, 향로, 인센스 홀더, incense",
    "조명, 램프, 스탠드, 등, 무드등, lamp, light",
    "다포, 티타월, 행주, 리넨, 린넨, 찻수건, towel, napkin",
    "달항아리, 항아리, 화병, 꽃병, 도자기, vase, jar",
    "소반, 밥상, 작은 상, 테이블, 협탁, side table",
    "유기, 놋, 놋쇠, 방짜, 황동, brass",
)
PROMOTED = (  # searched words, products in the order in which they are shown
    ("집들이 선물, 집들이, housewarming", ("moon-jar", "soy-candle")),
    ("선물, 선물용, gift, present", ("celadon-cup", "brass-spoons", "soy-candle")),
)
