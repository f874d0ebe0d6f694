"""Which products are bought together: counted every night over paid orders, kept beside each product."""

from datetime import datetime, timedelta

from django.db import connection, transaction

SINCE = timedelta(days=365)
SHOWN = 4  # of each product
LARGEST = 20  # products of an order that still says something: who buys half the shop pairs everything

# An order counts once for each pair, however many units or options it has. Money that came is what counts: cancelled and
# refunded orders say nothing. Rows that stay as they are are not written.
_PAIR = """
WITH bought AS (
  SELECT DISTINCT l.order_id, v.product_id
  FROM commerce_order o
  JOIN commerce_orderline l ON l.order_id = o.id
  JOIN commerce_variant v ON v.id = l.variant_id
  WHERE o.placed_at > %(since)s AND o.status <> 'cancelled' AND o.payment_status = 'paid'
), few AS (
  SELECT order_id FROM bought GROUP BY order_id HAVING count(*) BETWEEN 2 AND %(largest)s
), pairs AS (
  SELECT a.product_id, b.product_id AS other, count(*) AS orders
  FROM bought a JOIN bought b USING (order_id)
  WHERE a.product_id <> b.product_id AND a.order_id IN (SELECT order_id FROM few)
  GROUP BY 1, 2 HAVING count(*) >= %(orders)s
), ranked AS (
  SELECT pairs.product_id, p.key, orders, pairs.other,
         row_number() OVER (PARTITION BY pairs.product_id ORDER BY orders DESC, pairs.other) AS place
  FROM pairs JOIN commerce_product p ON p.id = pairs.other AND p.listed
), lists AS (
  SELECT product_id, jsonb_agg(key ORDER BY place) AS keys FROM ranked WHERE place <= %(shown)s GROUP BY product_id
), wanted AS (
  SELECT p.id, coalesce(lists.keys, '[]') AS keys FROM commerce_product p LEFT JOIN lists ON lists.product_id = p.id
)
UPDATE commerce_product p SET together = wanted.keys
FROM wanted WHERE wanted.id = p.id AND p.together IS DISTINCT FROM wanted.keys
"""


@transaction.atomic
def pair(*, orders: int, now: datetime) -> int:
    """Write beside each product what was bought with it in at least so many orders; return how many products changed."""
    with connection.cursor() as cursor:
        cursor.execute(
            _PAIR,
            {"since": now - SINCE, "orders": max(orders, 1), "shown": SHOWN, "largest": LARGEST},
        )
        return int(cursor.rowcount)
