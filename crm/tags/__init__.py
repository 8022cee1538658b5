"""Tags: the words there are, and what customers tell of themselves beside what they ask."""
