"""Terms, privacy, delivery and returns. Examples: a lawyer must read them before a shop opens."""

from cms.demo.kinds import SERVICE_PHONE, Info

_NOTE_KO = (
    "<p><b>안내</b> 이 문서는 데모 상점을 위한 예시입니다. 실제로 영업하기 전에 반드시 변호사의 검토를 받아 "
    "사업에 맞게 고쳐 쓰십시오.</p>"
)
_NOTE_EN = (
    "<p><b>Note</b> This text is an example for a demo shop. Have a lawyer read it and fit it to your business before you open. "
    "The Korean text prevails.</p>"
)

TERMS = Info(
    slug="terms",
    ko=(
        "이용약관",
        _NOTE_KO
        + "<h2>제1조 (목적)</h2><p>이 약관은 주식회사 마루데모(이하 “회사”)가 운영하는 온라인 상점 마루(이하 “몰”)에서 제공하는 서비스를 이용하는 데 "
        "회사와 이용자의 권리·의무와 책임을 정하는 것을 목적으로 합니다.</p>"
        "<h2>제2조 (약관의 명시와 개정)</h2><p>회사는 이 약관과 상호, 대표자 성명, 영업소 소재지, 전화번호, 전자우편 주소, 사업자등록번호, 통신판매업 신고번호를 "
        "몰의 첫 화면에 게시합니다. 약관을 개정할 때는 적용일 7일 전부터, 이용자에게 불리한 변경은 30일 전부터 공지합니다.</p>"
        "<h2>제3조 (계약의 성립)</h2><p>이용자의 구매 신청에 대하여 회사가 주문 확인을 통지한 때에 계약이 성립합니다. 회사는 재고가 없거나 가격 표시에 명백한 오류가 "
        "있는 경우 그 사유를 알리고, 이미 받은 대금을 3영업일 이내에 환급합니다.</p>"
        "<h2>제4조 (대금 지급)</h2><p>대금은 신용카드, 간편결제, 계좌이체, 가상계좌로 지급할 수 있습니다. 결제 전에 상품 가격, 배송비, 총 결제 금액을 함께 "
        "표시합니다.</p>"
        "<h2>제5조 (배송)</h2><p>회사는 이용자가 대금을 지급한 날부터 3영업일 이내에 발송에 필요한 조치를 합니다. 늦어질 때는 그 사유와 예정일을 알립니다.</p>"
        "<h2>제6조 (청약철회)</h2><p>이용자는 상품을 공급받은 날부터 7일 이내에 청약을 철회할 수 있습니다. 상품이 표시·광고와 다르거나 계약과 다르게 이행된 때에는 "
        "공급받은 날부터 3개월 이내, 그 사실을 안 날부터 30일 이내에 철회할 수 있습니다. 이용자의 책임으로 상품이 멸실·훼손된 경우 등 전자상거래 등에서의 "
        "소비자보호에 관한 법률이 정한 때에는 철회가 제한될 수 있습니다.</p>"
        "<h2>제7조 (환급)</h2><p>회사는 상품을 돌려받은 날부터 3영업일 이내에 대금을 환급합니다. 늦어지면 법령이 정한 지연이자를 지급합니다.</p>"
        "<h2>제8조 (분쟁 해결)</h2><p>불만과 의견은 고객센터로 접수하며, 신속히 처리하기 어려울 때는 사유와 일정을 알립니다. 소비자분쟁조정위원회의 조정을 신청할 수 "
        "있고, 소송은 민사소송법이 정한 관할 법원에 제기합니다.</p><p>시행일: 데모</p>",
    ),
    en=(
        "Terms of use",
        _NOTE_EN
        + "<h2>1. Purpose</h2><p>These terms set out the rights and duties of Maru Demo Inc. (“the company”) and of everyone who uses the online shop Maru.</p>"
        "<h2>2. Publication and changes</h2><p>The company shows these terms and its legal details on the first page of the shop. Changes are announced seven "
        "days ahead, and thirty days ahead when they are to the user's disadvantage.</p>"
        "<h2>3. The contract</h2><p>A contract is made when the company confirms your order. When something is out of stock or its price was plainly wrong, we say "
        "so and pay back what you paid within three business days.</p>"
        "<h2>4. Payment</h2><p>You may pay by card, wallet, bank transfer or virtual account. Before you pay you see the price, the delivery fee and the total.</p>"
        "<h2>5. Delivery</h2><p>We hand your parcel to the courier within three business days after payment, and tell you when it takes longer.</p>"
        "<h2>6. Withdrawal</h2><p>You may withdraw within seven days after you received the goods. When they differ from what was shown or agreed, you may withdraw "
        "within three months after receipt and within thirty days after you noticed. The Act on Consumer Protection in Electronic Commerce names the exceptions.</p>"
        "<h2>7. Refund</h2><p>We pay back within three business days after the goods came back, or pay the interest that the law sets.</p>"
        "<h2>8. Disputes</h2><p>Please tell our customer service first. You may turn to the Consumer Dispute Settlement Commission; the competent court is the one "
        "named by the Civil Procedure Act of Korea.</p>",
    ),
)

PRIVACY = Info(
    slug="privacy",
    ko=(
        "개인정보처리방침",
        _NOTE_KO
        + "<h2>1. 처리하는 개인정보와 목적</h2><ul><li>주문과 배송: 주문자 이름, 휴대전화 번호, 전자우편 주소, 받는 이의 이름·주소·연락처 (계약의 이행)</li>"
        "<li>결제: 결제 수단의 종류와 승인 정보. 카드 번호는 저장하지 않습니다.</li><li>회원: 전자우편 주소, 비밀번호(암호화)</li>"
        "<li>상담: 문의 내용과 연락처</li></ul>"
        "<h2>2. 보유 기간</h2><p>목적을 이루면 지체 없이 파기합니다. 다만 법령에 따라 다음과 같이 보관합니다.</p>"
        "<ul><li>계약 또는 청약철회에 관한 기록: 5년</li><li>대금 결제와 재화 공급에 관한 기록: 5년</li><li>소비자 불만과 분쟁 처리에 관한 기록: 3년</li>"
        "<li>표시·광고에 관한 기록: 6개월</li></ul><p>(전자상거래 등에서의 소비자보호에 관한 법률)</p>"
        "<h2>3. 처리 위탁</h2><ul><li>택배 배송: 택배사</li><li>결제 대행: 전자지급결제대행사</li><li>서버 운영: 호스팅 사업자</li></ul>"
        "<p>위탁받은 자가 바뀌면 이 방침으로 알립니다. 제3자에게 제공하지 않습니다.</p>"
        "<h2>4. 정보주체의 권리</h2><p>언제든지 열람, 정정, 삭제, 처리 정지를 요구할 수 있습니다. 회원은 계정 화면에서 직접 내려받거나 탈퇴할 수 있습니다.</p>"
        "<h2>5. 안전 조치</h2><p>전송 구간 암호화, 접근 권한의 최소화, 접속 기록의 보관, 백업의 암호화를 시행합니다.</p>"
        "<h2>6. 쿠키</h2><p>장바구니와 로그인에 꼭 필요한 쿠키만 씁니다. 광고를 위한 추적은 하지 않습니다.</p>"
        "<h2>7. 만 14세 미만</h2><p>만 14세 미만 아동의 개인정보는 받지 않습니다.</p>"
        f"<h2>8. 개인정보 보호책임자</h2><p>홍길동(데모) · 전화 {SERVICE_PHONE} · privacy@maru.example</p>"
        "<p>침해 신고: 개인정보침해신고센터(국번 없이 118), 개인정보분쟁조정위원회(1833-6972)</p>",
    ),
    en=(
        "Privacy policy",
        _NOTE_EN
        + "<h2>1. What we process, and why</h2><ul><li>Orders and delivery: your name, mobile number and e-mail address; the recipient's name, address and number (to "
        "perform the contract)</li><li>Payment: the method and its approval. We never store card numbers.</li><li>Accounts: e-mail address and an encrypted password</li>"
        "<li>Questions: what you write to us</li></ul>"
        "<h2>2. How long we keep it</h2><p>Until its purpose is met; by law, contracts and withdrawals five years, payment and supply five years, complaints three "
        "years, advertising six months.</p>"
        "<h2>3. Who processes it for us</h2><p>Couriers, the payment provider, the hosting provider. We give nothing to third parties.</p>"
        "<h2>4. Your rights</h2><p>You may see, correct and erase your data and stop its processing at any time. Members can download it or close their account themselves.</p>"
        "<h2>5. Safety</h2><p>Encrypted transport, least access, kept access logs, encrypted backups.</p>"
        "<h2>6. Cookies</h2><p>Only those that the cart and signing in need. No tracking for advertising.</p>"
        "<h2>7. Children</h2><p>We take no data of children under fourteen.</p>"
        f"<h2>8. Privacy officer</h2><p>Hong Gildong (demo), {SERVICE_PHONE}, privacy@maru.example</p>",
    ),
)

SHIPPING = Info(
    slug="shipping-returns",
    ko=(
        "배송과 반품",
        _NOTE_KO
        + "<h2>배송</h2><ul><li>배송비 3,000원, 상품 금액 50,000원 이상은 무료입니다.</li><li>제주와 도서산간은 추가 배송비가 있으며, 결제 전에 표시됩니다.</li>"
        "<li>평일 오후 1시까지 결제하면 당일 또는 다음 영업일에 발송하고, 보통 1~3영업일 안에 도착합니다.</li></ul>"
        "<h2>교환과 반품</h2><ul><li>상품을 받은 날부터 7일 이내에 신청할 수 있습니다.</li><li>단순 변심은 왕복 배송비를 고객이 부담합니다.</li>"
        "<li>파손되었거나 설명과 다른 상품은 배송비를 마루가 부담합니다. 받은 날부터 3개월, 안 날부터 30일 이내에 알려 주세요.</li>"
        "<li>포장을 뜯은 것만으로는 반품이 제한되지 않습니다. 다만 사용 흔적이 있거나 고객의 책임으로 훼손된 상품은 제한될 수 있습니다.</li></ul>"
        "<h2>환불</h2><p>상품이 돌아온 날부터 3영업일 이내에 결제하신 방법으로 환불합니다. 카드사 처리에는 며칠이 더 걸릴 수 있습니다.</p>",
    ),
    en=(
        "Delivery and returns",
        _NOTE_EN
        + "<h2>Delivery</h2><ul><li>₩3,000, free from ₩50,000 of goods.</li><li>Jeju and remote islands cost extra; you see it before you pay.</li>"
        "<li>Paid by 1 pm on a weekday, your parcel leaves the same or the next business day and usually arrives within one to three.</li></ul>"
        "<h2>Exchange and return</h2><ul><li>Within seven days after you received it.</li><li>When you change your mind, you pay both ways.</li>"
        "<li>When something is broken or not as described, we pay. Please tell us within three months after receipt and thirty days after you noticed.</li>"
        "<li>Opening the box does not end your right to return. Signs of use or damage may.</li></ul>"
        "<h2>Refund</h2><p>Within three business days after the goods came back, by the way you paid. Your card company may need a few days more.</p>",
    ),
    questions=(
        ("선물 포장이 되나요?", "<p>네. 주문서의 요청란에 적어 주시면 종이 상자와 끈으로 포장해 드립니다.</p>",
         "Do you wrap gifts?", "<p>Yes. Write it into the note of your order and we will pack it in a paper box with a ribbon.</p>"),
        ("도자기가 깨져서 왔어요.", "<p>사진과 함께 알려 주세요. 회수 없이 새 상품을 보내거나 환불해 드립니다.</p>",
         "My piece arrived broken.", "<p>Send us a picture. We send a new one or pay you back; you need not return it.</p>"),
    ),
)  # fmt: skip

PAGES = [TERMS, PRIVACY, SHIPPING]
