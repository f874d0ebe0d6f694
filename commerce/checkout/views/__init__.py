"""From the cart to a paid order: the order sheet, the payment window, and the way back from it."""
