"""Who reacts to what: the whole answer, in one table.

Every fact has a row; an empty one is a decision. Names are data: they are stored in deliveries, so they
are never renamed or used again for something else.
"""

from collections.abc import Mapping

from commerce.events import types
from workers.handlers import (
    accounts,
    backups,
    catalog,
    claims,
    coupons,
    feeds,
    imports,
    mail,
    maintenance,
    newsletter,
    notices,
    orders,
    pages,
    parcels,
    payments,
    points,
    privacy,
    sales,
    search,
    voices,
)
from workers.jobs import Handler

Routes = Mapping[str, tuple[Handler, ...]]

_prepare_product = Handler(
    name="catalog.prepare_product",
    function=catalog.prepare_product,
    queue="bulk",
    kind="external",
    timeout=300,
)
_prepare_category = Handler(
    name="catalog.prepare_category",
    function=catalog.prepare_category,
    queue="bulk",
    kind="external",
    timeout=120,
)
_prepare_page = Handler(
    name="catalog.prepare_page",
    function=catalog.prepare_page,
    queue="bulk",
    kind="external",
    timeout=300,
)
_import = Handler(
    name="catalog.import",
    function=imports.go_on,
    queue="bulk",
    kind="external",
    timeout=2 * 3600,
    priority=-10,  # a person waits: before the pictures of what was imported
)
_learn_words = Handler(name="search.learn", function=search.learn, queue="bulk", kind="db")
_follow_category = Handler(
    name="search.follow_category",
    function=search.follow_category,
    queue="bulk",
    kind="external",
    timeout=300,
)
_tidy_search = Handler(
    name="search.tidy",
    function=search.tidy,
    queue="clock",
    kind="external",
    max_attempts=3,
    timeout=500,
)
_renew = Handler(name="pages.renew", function=pages.renew, queue="critical", kind="external")
_settle = Handler(name="payments.settle", function=payments.settle, queue="critical", kind="external")
_close_account = Handler(
    name="payments.close_account", function=payments.close_account, queue="io", kind="external"
)
_refund = Handler(name="payments.refund", function=payments.refund, queue="critical", kind="external")
_receipt = Handler(
    name="payments.settle_receipt",
    function=payments.settle_receipt,
    queue="io",
    kind="external",
    max_attempts=payments.RECEIPT_TRIES,
)
_confirm_order = Handler(name="mail.order_paid", function=mail.confirm_order, queue="io", kind="external")
_ask_for_deposit = Handler(
    name="mail.deposit_awaited", function=mail.ask_for_deposit, queue="io", kind="external"
)
_remind_of_deposit = Handler(
    name="mail.deposit_due_soon", function=mail.remind_of_deposit, queue="io", kind="external"
)
_cancellation = Handler(
    name="mail.order_cancelled", function=mail.tell_of_cancellation, queue="io", kind="external"
)
_refunded = Handler(name="mail.refund_completed", function=mail.tell_of_refund, queue="io", kind="external")
_dispatched = Handler(
    name="mail.shipment_dispatched", function=mail.tell_of_dispatch, queue="io", kind="external"
)
_delivered = Handler(
    name="mail.shipment_delivered", function=mail.tell_of_delivery, queue="io", kind="external"
)
_claim_approved = Handler(
    name="mail.claim_approved", function=claims.tell_of_approval, queue="io", kind="external"
)
_claim_rejected = Handler(
    name="mail.claim_rejected", function=claims.tell_of_rejection, queue="io", kind="external"
)
_claim_received = Handler(
    name="mail.claim_received", function=claims.tell_of_arrival, queue="io", kind="external"
)
_claim_settled = Handler(
    name="mail.claim_settled", function=claims.tell_of_settlement, queue="io", kind="external"
)
_webhook_disabled = Handler(
    name="mail.webhook_disabled", function=notices.tell_of_webhook, queue="io", kind="external"
)

_account_letter = Handler(
    name="mail.account_letter", function=accounts.send_letter, queue="critical", kind="external"
)
_consents_due = Handler(
    name="mail.consents_due", function=accounts.tell_of_consents, queue="io", kind="external"
)
_say_farewell = Handler(
    name="accounts.say_farewell", function=accounts.say_farewell, queue="io", kind="external"
)
_check_consents = Handler(
    name="accounts.check_consents",
    function=accounts.check_consents,
    queue="clock",
    kind="external",
    max_attempts=3,
    timeout=300,
)

_count_sale = Handler(name="sales.count_order", function=sales.count_order, queue="db", kind="db", once=True)

_pair = Handler(
    name="sales.pair",
    function=sales.pair,
    queue="bulk",
    kind="external",
    max_attempts=3,
    timeout=600,
)

_ask_for_account = Handler(
    name="mail.refund_account_needed", function=mail.ask_for_account, queue="io", kind="external"
)

_take_off_refund = Handler(
    name="sales.take_off_refund", function=sales.take_off_refund, queue="db", kind="db", once=True
)
_follow_allocation = Handler(
    name="sales.follow_allocation", function=sales.follow_allocation, queue="db", kind="db", once=True
)

_earn_points = Handler(name="points.earn", function=points.earn, queue="db", kind="db")
_take_points_back = Handler(name="points.follow_refund", function=points.follow_refund, queue="db", kind="db")
_return_points = Handler(name="points.give_back", function=points.give_back, queue="db", kind="db")
_expire_points = Handler(
    name="points.expire",
    function=points.expire,
    queue="clock",
    kind="external",
    max_attempts=2,
    timeout=500,
)
_return_coupon = Handler(name="coupons.give_back", function=coupons.give_back, queue="db", kind="db")
_make_copy = Handler(
    name="privacy.make_copy", function=privacy.make_copy, queue="bulk", kind="external", timeout=600
)
_tell_of_copy = Handler(name="mail.copy_ready", function=privacy.tell_of_copy, queue="io", kind="external")
_forget_mails = Handler(name="privacy.forget_mails", function=privacy.forget_mails, queue="db", kind="db")

# Jobs of the clock come again by themselves: few tries.
_expire_unpaid = Handler(
    name="orders.expire_unpaid",
    function=orders.expire_unpaid,
    queue="clock",
    kind="external",
    max_attempts=2,
    timeout=500,
)
_reconcile_payments = Handler(
    name="orders.reconcile_payments",
    function=orders.reconcile_payments,
    queue="clock",
    kind="external",
    max_attempts=2,
    timeout=500,
)
_assume_delivered = Handler(
    name="parcels.assume_delivered",
    function=parcels.assume_delivered,
    queue="clock",
    kind="external",
    max_attempts=2,
    timeout=500,
)
_confirm_purchases = Handler(
    name="parcels.confirm_purchases",
    function=parcels.confirm_purchases,
    queue="clock",
    kind="external",
    max_attempts=2,
    timeout=500,
)
_check_balances = Handler(
    name="orders.check_balances",
    function=orders.check_balances,
    queue="clock",
    kind="external",
    max_attempts=2,
    timeout=500,
)
_remind_of_deposits = Handler(
    name="orders.remind_of_deposits",
    function=orders.remind_of_deposits,
    queue="clock",
    kind="external",
    max_attempts=2,
    timeout=120,
)
_compare_payments = Handler(
    name="orders.compare_payments",
    function=orders.compare_payments,
    queue="clock",
    kind="external",
    max_attempts=6,
    timeout=500,
)
_reconcile_catalog = Handler(
    name="catalog.reconcile",
    function=catalog.reconcile,
    queue="clock",
    kind="external",
    max_attempts=3,
    timeout=500,
)
_publish = Handler(
    name="catalog.publish_scheduled",
    function=catalog.publish_scheduled,
    queue="clock",
    kind="external",
    max_attempts=2,
    timeout=120,
)
_settle_prices = Handler(
    name="catalog.settle_prices",
    function=catalog.settle_prices,
    queue="clock",
    kind="external",
    max_attempts=2,
    timeout=300,
)
_follow_vocabulary = Handler(
    name="catalog.follow_vocabulary",
    function=catalog.follow_vocabulary,
    queue="bulk",
    kind="external",
    timeout=500,
)
_forget = Handler(
    name="maintenance.forget",
    function=maintenance.forget,
    queue="clock",
    kind="external",
    max_attempts=3,
    timeout=500,
)
_check_stock = Handler(
    name="maintenance.check_stock",
    function=maintenance.check_stock,
    queue="clock",
    kind="external",
    max_attempts=3,
    timeout=500,
)

_make_feeds = Handler(
    name="feeds.make",
    function=feeds.make,
    queue="bulk",
    kind="external",
    max_attempts=2,
    timeout=1800,
)

_review_rejected = Handler(
    name="mail.review_rejected", function=voices.tell_of_rejection, queue="io", kind="external"
)
_invite_to_review = Handler(
    name="mail.review_invitation", function=voices.invite_to_review, queue="io", kind="external"
)
_question_answered = Handler(
    name="mail.question_answered", function=voices.tell_of_answer, queue="io", kind="external"
)
_restocked = Handler(name="mail.restocked", function=voices.tell_of_restock, queue="io", kind="external")
_serve_restock = Handler(name="restock.serve", function=voices.serve_restock, queue="db", kind="db")
_tend_restock = Handler(
    name="restock.tend",
    function=voices.tend_restock,
    queue="clock",
    kind="external",
    max_attempts=2,
    timeout=500,
)
_invite_reviews = Handler(
    name="reviews.invite",
    function=voices.invite_reviews,
    queue="clock",
    kind="external",
    max_attempts=2,
    timeout=500,
)

_newsletter_asked = Handler(
    name="mail.newsletter_asked", function=newsletter.ask, queue="io", kind="external"
)
_newsletter_joined = Handler(
    name="mail.newsletter_joined", function=newsletter.welcome, queue="io", kind="external"
)
_newsletter_due = Handler(name="mail.newsletter_due", function=newsletter.remind, queue="io", kind="external")
_check_newsletter = Handler(
    name="newsletter.check_consents",
    function=newsletter.check_consents,
    queue="clock",
    kind="external",
    max_attempts=3,
    timeout=300,
)
_newsletter_left = Handler(name="mail.newsletter_left", function=newsletter.part, queue="io", kind="external")
_follow_consent = Handler(
    name="newsletter.follow_consent", function=newsletter.follow_consent, queue="db", kind="db"
)

_back_up = Handler(
    name="backups.make", function=backups.make, queue="bulk", kind="external", max_attempts=3, timeout=10_000
)
_check_backups = Handler(
    name="backups.check",
    function=backups.check,
    queue="clock",
    kind="external",
    max_attempts=2,
    timeout=120,
)
_drill_backups = Handler(
    name="backups.drill",
    function=backups.drill,
    queue="bulk",
    kind="external",
    max_attempts=2,
    timeout=10_000,
)

ROUTES: dict[str, tuple[Handler, ...]] = {
    types.CatalogImportAsked.name: (_import,),
    types.ProductListed.name: (_renew, _prepare_product, _learn_words),
    types.ProductWithdrawn.name: (_renew,),
    types.ProductTranslationWithdrawn.name: (_renew,),
    types.ProductRepriced.name: (_renew,),  # the fact is the history of prices as well
    types.CategoryListed.name: (_renew, _prepare_category, _follow_category),
    types.CategoryWithdrawn.name: (_renew, _follow_category),
    types.CategoryTranslationWithdrawn.name: (_renew, _follow_category),
    types.ContentChanged.name: (_renew, _prepare_page, _follow_vocabulary),
    types.StockChanged.name: (_renew,),
    types.StockSoldOut.name: (_renew,),
    types.StockBack.name: (_renew, _serve_restock),
    types.CartChanged.name: (),  # a cart promises nothing
    types.CartMerged.name: (),
    types.OrderClaimed.name: (_earn_points,),
    types.AddressChanged.name: (),
    types.CustomerWithdrew.name: (_forget_mails,),
    types.ExportRequested.name: (_make_copy,),
    types.ExportReady.name: (_tell_of_copy,),
    types.OrderPlaced.name: (),  # nothing was paid yet: the mail comes with the money
    types.CustomerConsented.name: (),  # kept as evidence
    types.CustomerSignedUp.name: (),  # the mail with the code is a letter of its own
    types.CustomerSignedIn.name: (),  # kept as the record of sign-ins
    types.CustomerLinked.name: (),  # the news of it is a letter of its own
    types.CustomerUnlinked.name: (),
    types.FarewellDue.name: (_say_farewell,),
    types.ConsentGiven.name: (),  # kept as evidence
    types.ConsentWithdrawn.name: (_follow_consent,),
    types.ConsentDueAgain.name: (_consents_due,),
    types.LetterWritten.name: (_account_letter,),
    types.DepositAwaited.name: (_ask_for_deposit,),
    types.DepositDueSoon.name: (_remind_of_deposit,),
    types.OrderPaid.name: (_confirm_order, _count_sale, _receipt),
    types.OrderCancelled.name: (_cancellation, _close_account, _return_points, _return_coupon),
    types.OrderFlagged.name: (),  # the dashboard counts flagged orders
    types.OrderCleared.name: (),
    types.OrderNoteAdded.name: (),
    types.PaymentNoticed.name: (_settle,),
    types.PaymentMethodChanged.name: (),
    types.PaymentChanged.name: (),  # what follows from it was done with it; the fact is the history of money
    types.PaymentFailed.name: (),  # the shopper sits before the page that says so
    types.PaymentRefused.name: (),  # the order was flagged with it
    types.RefundRequested.name: (_refund,),
    types.RefundAccepted.name: (),  # the clock asks what becomes of it
    types.RefundFailed.name: (),  # the order was flagged with it
    types.RefundCompleted.name: (_refunded, _take_off_refund, _receipt, _take_points_back, _return_points),
    types.ReceiptIssued.name: (),
    types.ReceiptCancelled.name: (),
    types.ReceiptFailed.name: (),  # the order was flagged with it
    types.ShipmentDispatched.name: (_dispatched,),
    types.ShipmentCorrected.name: (_dispatched,),
    types.ShipmentTakenBack.name: (),  # the order's page shows it; the next dispatch writes again
    types.ShipmentDelivered.name: (_delivered,),
    types.OrderConfirmed.name: (_earn_points,),
    types.ClaimRequested.name: (),  # the back office counts what waits
    types.ClaimApproved.name: (_claim_approved,),
    types.ClaimRejected.name: (_claim_rejected,),
    types.ClaimReceived.name: (_claim_received,),
    types.ClaimSettled.name: (_claim_settled,),
    types.ClaimWithdrawn.name: (),  # the shopper sits before the page that says so
    types.RefundAccountNeeded.name: (_ask_for_account,),
    types.RefundAccountGiven.name: (_refund,),
    types.RefundAllocated.name: (_follow_allocation, _return_points),
    types.ShippingChanged.name: (_renew,),  # every cart is priced anew when it is shown
    types.ShippingZoneChanged.name: (_renew,),
    types.StaffChanged.name: (),  # rights are read with every request
    types.SecondFactorReset.name: (),  # the operator who did it sits before the answer
    types.WebhookEndpointDisabled.name: (_webhook_disabled,),
    types.ReviewPosted.name: (),  # the back office counts what waits
    types.ReviewPublished.name: (_renew,),
    types.ReviewRejected.name: (_renew, _review_rejected),
    types.ReviewAnswered.name: (_renew,),
    types.ReviewReported.name: (),  # the back office counts what waits
    types.ReviewWithdrawn.name: (_renew,),
    types.ReviewInvited.name: (_invite_to_review,),
    types.QuestionAsked.name: (),  # the back office counts what waits; kept pages learn of it within minutes
    types.QuestionAnswered.name: (_renew, _question_answered),
    types.QuestionHidden.name: (_renew,),
    types.QuestionWithdrawn.name: (),  # as with a new one
    types.WishlistChanged.name: (),  # a wish promises nothing
    types.RestockRequested.name: (),  # the page says so; a mail follows when it is back
    types.RestockNotified.name: (_restocked,),
    types.RestockCancelled.name: (),
    types.RestockHoldEnded.name: (_serve_restock,),  # the unit goes on to the next
    types.NewsletterAsked.name: (_newsletter_asked,),
    types.NewsletterJoined.name: (_newsletter_joined,),
    types.NewsletterDueAgain.name: (_newsletter_due,),
    types.NewsletterLeft.name: (_newsletter_left,),
    types.UnpaidOrdersDue.name: (_expire_unpaid,),
    types.PaymentReconciliationDue.name: (_reconcile_payments,),
    types.ParcelsDue.name: (_assume_delivered, _confirm_purchases),
    types.DepositRemindersDue.name: (_remind_of_deposits,),
    types.PaymentComparisonDue.name: (_compare_payments,),
    types.BalanceCheckDue.name: (_check_balances,),
    types.BackupDue.name: (_back_up,),
    types.BackupCheckDue.name: (_check_backups,),
    types.BackupDrillDue.name: (_drill_backups,),
    types.CatalogReconciliationDue.name: (_reconcile_catalog, _pair),
    types.ScheduledPublishingDue.name: (_publish, _settle_prices),
    types.StockCheckDue.name: (_check_stock,),
    types.ReviewInvitationsDue.name: (_invite_reviews,),
    types.FeedsDue.name: (_make_feeds,),
    types.RestockDue.name: (_tend_restock,),
    types.ConsentCheckDue.name: (_check_consents, _check_newsletter),
    types.PointsChanged.name: (),  # my page shows them
    types.PointsExpiryDue.name: (_expire_points,),
    types.CouponOffered.name: (),
    types.CouponChanged.name: (),
    types.CouponWithdrawn.name: (),
    types.CouponIssued.name: (),  # my page shows them
    types.CouponUsed.name: (),
    types.CouponReturned.name: (),
    types.CouponTakenBack.name: (),
    types.RetentionDue.name: (_forget, _tidy_search),
}

# old name → handler, for deliveries that were made before a rename
ALIASES: dict[str, Handler] = {}

HANDLERS: dict[str, Handler] = {
    handler.name: handler for handlers in ROUTES.values() for handler in handlers
} | ALIASES
