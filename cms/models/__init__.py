from cms.models.media import ShopDocument, ShopImage, ShopRendition

__all__ = ["ShopDocument", "ShopImage", "ShopRendition"]
