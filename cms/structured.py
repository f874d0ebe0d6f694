"""Structured data of editors' pages: who the shop is, where its search is, and who wrote a story."""

from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString

from cms import languages, pictures
from commerce.catalog.structured import absolute, script


def home(*, page: Any, shop: dict[str, Any]) -> SafeString:
    """Return Organization and WebSite; `shop` are the settings in the language of the page."""
    address = absolute(page.url)
    organization = {
        "@type": "Organization",
        "@id": f"{absolute('/')}#organization",
        "name": shop["brand"],
        "url": address,
        "logo": absolute(static("img/favicon.svg")),
        **_given(legalName=shop["legal_name"], email=shop["email"], telephone=shop["phone"]),
        **_given(taxID=shop["business_number"], description=shop["tagline"]),
    }
    if shop["address"]:
        street = {"@type": "PostalAddress", "streetAddress": shop["address"], "addressCountry": "KR"}
        organization["address"] = street
    search = f"{absolute(reverse('search'))}?q={{search_term_string}}"
    website = {
        "@type": "WebSite",
        "@id": f"{address}#website",
        "name": shop["brand"],
        "url": address,
        "inLanguage": languages.of(page=page),
        "publisher": {"@id": organization["@id"]},
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": search},
            "query-input": "required name=search_term_string",
        },
    }
    return script([organization, website])


def story(*, page: Any, shop: dict[str, Any]) -> SafeString:
    """Return Article; without an author the shop has written it."""
    shop_itself = {"@type": "Organization", "name": shop["brand"], "url": absolute("/")}
    author = {"@type": "Person", "name": page.author} if page.author else shop_itself
    published, changed = page.first_published_at, page.last_published_at
    picture = page.hero_image or page.social_image
    article = {
        "@type": "Article",
        "mainEntityOfPage": absolute(page.url),
        "headline": page.title,
        "inLanguage": languages.of(page=page),
        "author": author,
        "publisher": shop_itself,
        **_given(description=page.search_description or page.summary),
        **_given(datePublished=published.isoformat() if published else ""),
        **_given(dateModified=changed.isoformat() if changed else ""),
        **({"image": [absolute(pictures.social(picture).url)]} if picture else {}),
    }
    return script([article])


def _given(**facts: str) -> dict[str, str]:
    return {name: value for name, value in facts.items() if value}
