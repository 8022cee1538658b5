"""In which stage of life a person is, and in which business a company: told from evidence by added points, with the evidence beside it."""
