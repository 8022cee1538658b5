"""WeChat customer service: the channel of customers."""
