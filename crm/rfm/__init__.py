"""RFM: scores of one to five for how recent, how frequent and how much a customer deals, against cut-points fixed for a month."""
