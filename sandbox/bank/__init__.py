"""A simulated bank: seeded, so that the same seed writes the same bytes. Everybody and everything in it is invented.

What a bank would see goes into the files of docs/data-contract.md; what is true but hidden (needs, events of life) goes into `truth/`,
which nothing reads but an evaluation. Each customer is drawn from a generator of their own: one more customer changes no other.

Ids: persons C000001…, companies C900001…, staff S0001…, branches B001…, accounts A<customer><nn>, entries T<customer><nnnnnn>.
Staff: S0001–S0002 managers, S0003–S0008 relationship managers, S0009–S0011 tellers, S0012–S0013 lobby, S0014 product,
S0015–S0016 compliance. S0006 is on leave and S0007 stands in.
"""
