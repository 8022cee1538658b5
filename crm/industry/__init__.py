"""In which business a company is: told from what the bank wrote down, its GB/T 4754 code, registers and dealings, each with its source."""
