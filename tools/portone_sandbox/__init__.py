"""A local PortOne V2: the same REST, webhooks and payment window, with no money behind them."""
