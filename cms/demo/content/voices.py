"""What buyers of the demo shop said and asked. Every name, number and word is made up."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Said:
    """A review of a variant that was bought; `photo` is the file of a picture, `reply` the shop's answer."""

    sku: str
    stars: int
    text: str
    photo: str = ""
    reply: str = ""
    waits: bool = False  # for staff to look at it


@dataclass(frozen=True, kw_only=True)
class Buyer:
    """Somebody who bought things `days` ago, in her language, and said something of each."""

    key: str  # of her address, digits of her telephone and of her parcel
    name: str
    language: str
    days: int
    said: tuple[Said, ...]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question about a product `days` ago; `answer` is the shop's, empty while nobody wrote one."""

    slug: str
    name: str
    language: str
    days: int
    text: str
    answer: str = ""
    secret: bool = False


BUYERS = (
    Buyer(key="1001", name="박서연", language="ko", days=52, said=(
        Said(sku="CUP-CELADON", stars=5, photo="celadon-cup-scale", text="사진보다 빛깔이 더 깊어요. 아침마다 이 잔부터 찾게 됩니다. 손에 쥐었을 때 두께가 딱 좋고, 뜨거운 차를 따라도 손이 데지 않아요."),
        Said(sku="TRAY-WALNUT", stars=5, text="결이 곱고 마감이 매끈합니다. 잔 네 개와 주전자가 넉넉히 올라가요."),
    )),
    Buyer(key="1002", name="이준호", language="ko", days=49, said=(
        Said(sku="CUP-WHITE", stars=4, text="모양과 무게는 만족합니다. 다만 생각보다 조금 작아서 커피를 마시기에는 아쉬워요. 차 마시는 용도로는 알맞습니다.",
             reply="소중한 후기 감사합니다. 말씀하신 대로 약 150ml로 차에 맞춘 크기예요. 더 넉넉한 잔도 준비하고 있으니 조금만 기다려 주세요."),
        Said(sku="LINEN-INDIGO", stars=5, text="쪽빛이 은은해서 백자 그릇과 잘 어울려요. 두 번 빨았는데 물이 빠지지 않았습니다."),
    )),
    Buyer(key="1003", name="Emma Larsen", language="en", days=47, said=(
        Said(sku="CUP-CELADON", stars=5, text="Bought two while living in Seoul and they are the cups I reach for every day. The glaze catches the light beautifully, and they arrived wrapped with great care."),
        Said(sku="CANDLE-PINE", stars=4, text="A calm, woody scent that does not take over the room. It burns evenly; I only wish the glass were a little heavier."),
    )),
    Buyer(key="1004", name="최은지", language="ko", days=43, said=(
        Said(sku="MOON-JAR-S", stars=5, photo="moon-jar-scale", text="현관에 두었는데 집에 들어올 때마다 기분이 좋아집니다. 완벽한 원이 아니라서 오히려 더 눈이 가요."),
        Said(sku="INCENSE-WHITE", stars=5, text="작고 단정해요. 재가 밖으로 떨어지지 않아 관리가 편합니다."),
    )),
    Buyer(key="1005", name="정우진", language="ko", days=38, said=(
        Said(sku="RICE-BOWL-WHITE", stars=5, text="네 식구 것을 모두 바꿨습니다. 식기세척기에 돌려도 멀쩡하고 포개어 넣기 좋아요."),
        Said(sku="BRASS-SPOONS-1", stars=3, text="수저 자체는 묵직하고 좋은데 며칠 쓰니 얼룩이 생겼어요. 닦는 법 안내가 상자 안에 있었으면 합니다.",
             reply="불편을 드려 죄송합니다. 유기는 부드러운 수세미에 식초를 살짝 묻혀 닦아 주시면 빛이 돌아옵니다. 안내문을 상자에 함께 넣겠습니다."),
    )),
    Buyer(key="1006", name="Daniel Park", language="en", days=34, said=(
        Said(sku="CADDY-BRASS", stars=5, text="The lid slides shut with a soft breath of air. It keeps tea fresh and looks better with every week."),
        Said(sku="CUP-WHITE", stars=3, text="A lovely shape, but one of the two had a tiny dark spot in the glaze. Service offered to exchange it at once, so no hard feelings."),
    )),
    Buyer(key="1007", name="한지민", language="ko", days=12, said=(
        Said(sku="LAMP-SMALL", stars=4, text="불빛이 부드러워 침실에 두기 좋아요. 전선이 조금만 더 길었으면 합니다."),
        Said(sku="BLACK-PLATE-24", stars=5, text="생선 한 마리가 다 올라가는 크기예요. 검은빛이라 음식이 살아 보입니다."),
        Said(sku="CUP-CELADON", stars=4, waits=True, text="선물로 보냈는데 받은 친구가 무척 좋아했어요. 포장도 꼼꼼했습니다."),
    )),
)  # fmt: skip

QUESTIONS = (
    Asked(slug="celadon-cup", name="오세린", language="ko", days=29,
          text="전자레인지에 데워도 괜찮을까요?",
          answer="네, 괜찮습니다. 다만 갑작스러운 온도 차이는 피해 주세요. 냉장고에서 바로 꺼낸 잔은 잠시 두었다가 데우시면 좋습니다."),
    Asked(slug="celadon-cup", name="Grace Kim", language="en", days=13,
          text="Do the fine lines in the glaze stain when I drink dark tea from it every day?",
          answer="They take on a little colour over the months, which many tea drinkers love. If you prefer them pale, soak the cup in warm water before first use."),
    Asked(slug="celadon-cup", name="윤도현", language="ko", days=6, secret=True,
          text="지난번 주문에 같은 잔을 두 개 더 추가해서 함께 받을 수 있을까요?",
          answer="아직 출고 전이라면 가능합니다. 새로 주문하신 뒤 주문 번호를 남겨 주시면 함께 보내 드릴게요."),
    Asked(slug="celadon-cup", name="문가영", language="ko", days=1,
          text="흑유 색은 언제 다시 들어오나요?"),
    Asked(slug="moon-jar", name="서민재", language="ko", days=20,
          text="꽃을 꽂아도 물이 새지 않나요?",
          answer="안쪽까지 유약을 입혀 물을 담을 수 있습니다. 오래 담아 두실 때는 받침을 함께 쓰시길 권합니다."),
    Asked(slug="rice-bowl", name="Hannah Lee", language="en", days=3,
          text="Is the celadon bowl the same size as the white one?"),
)  # fmt: skip
