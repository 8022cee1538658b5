"""Contacts of members (客户联系): events, welcome, codes, remarks and tags, the daily look, handing over."""
