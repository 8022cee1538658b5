"""What is said where no run has judged anything yet."""

NO_RUN = "还没有评估结果：每晚评估之后才能看，明天早上再问我。"
