"""Who is growing quiet: activity against the own baseline and that of peers, in whole weeks (requirements §2.3).

The judgement is set-based; words for it are made in `crm.activity.wording`, over published rows.
"""
