"""WeCom: the client (the only file that knows wechatpy), callbacks, WeChat customer service (kf)."""
