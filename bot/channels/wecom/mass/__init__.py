"""企业群发: texts that reach a customer's WeChat in the name of their relationship manager, once that manager has confirmed them.

channel.py collects what the door approved; asking.py makes it into tasks at WeCom; results.py settles the ledger by what came of them;
withdrawing.py takes back what a customer does not want any more; reminding.py speaks to the managers; poller.py does these in turn;
calls.py is the wire.
"""
