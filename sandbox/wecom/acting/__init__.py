"""What people do on their phones: customers, members, servicers."""
