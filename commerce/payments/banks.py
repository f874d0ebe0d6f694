"""Names of the banks that issue virtual accounts, or that a refund may go to, by PortOne's codes.

Source: https://developers.portone.io/schema/v2.openapi.yml (Bank) and the banks' own names.
"""

_NAMES = {
    "KDB": ("산업은행", "KDB"),
    "IBK": ("기업은행", "IBK"),
    "KOOKMIN": ("국민은행", "KB Kookmin"),
    "SUHYUP": ("수협은행", "Suhyup"),
    "NONGHYUP": ("농협은행", "NH Nonghyup"),
    "LOCAL_NONGHYUP": ("지역농축협", "Local Nonghyup"),
    "WOORI": ("우리은행", "Woori"),
    "STANDARD_CHARTERED": ("SC제일은행", "SC First"),
    "CITI": ("한국씨티은행", "Citi"),
    "DAEGU": ("iM뱅크(대구)", "iM Bank (Daegu)"),
    "BUSAN": ("부산은행", "Busan"),
    "KWANGJU": ("광주은행", "Kwangju"),
    "JEJU": ("제주은행", "Jeju"),
    "JEONBUK": ("전북은행", "Jeonbuk"),
    "KYONGNAM": ("경남은행", "Kyongnam"),
    "KFCC": ("새마을금고", "MG Community Credit"),
    "SHINHYUP": ("신협", "Shinhyup"),
    "SAVINGS_BANK": ("저축은행", "Savings bank"),
    "POST": ("우체국", "Korea Post"),
    "HANA": ("하나은행", "Hana"),
    "SHINHAN": ("신한은행", "Shinhan"),
    "K_BANK": ("케이뱅크", "K bank"),
    "KAKAO": ("카카오뱅크", "KakaoBank"),
    "TOSS": ("토스뱅크", "Toss Bank"),
}


def name(*, code: str, language: str) -> str:
    """Return what people call the bank; a code that the table does not know is shown as it is."""
    korean, english = _NAMES.get(code, (code, code))
    return korean if language == "ko" else english


def choices(*, language: str) -> list[tuple[str, str]]:
    """Return codes and names for a list to choose from, in the order in which people look for them."""
    return sorted(((code, name(code=code, language=language)) for code in _NAMES), key=lambda one: one[1])
