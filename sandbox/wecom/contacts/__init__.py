"""客户联系: relations, tags, contact ways, welcome, 企业群发, transfers, moments."""
