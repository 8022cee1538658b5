"""A real bank, anonymised: the files of the PKDD'99 challenge ("Berka", a Czech bank of the nineties) become a folder of the contract.

The files are no part of this project; docs/berka.md says what becomes of each column. Nothing is drawn here: the same files and the
same rate write the same bytes. The files hold no names, so people are numbered; branches and staff are made of the districts.

Ids: persons C<client>, accounts A<account>, their overdrafts A<account>-O, cards K<card>, loans L<loan>, entries T<entry>, branches
B<district>, relationship managers S<region>, the manager M01. The letters keep the bank's numbers apart from those of other banks.
"""
