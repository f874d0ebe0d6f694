"""Django's index of models; import them from their own noun instead."""

import commerce.accounts.models
import commerce.cart.models
import commerce.catalog.models
import commerce.checkout.models
import commerce.claims.models
import commerce.consents.models
import commerce.coupons.models
import commerce.customers.models
import commerce.events.models
import commerce.feeds.models
import commerce.fulfilment.models
import commerce.inventory.models
import commerce.newsletter.models
import commerce.orders.models
import commerce.payments.models
import commerce.points.models
import commerce.privacy.models
import commerce.questions.models
import commerce.restock.models
import commerce.reviews.models
import commerce.sales.models
import commerce.search.models
import commerce.shipping.models
import commerce.wishlist.models  # noqa: F401
