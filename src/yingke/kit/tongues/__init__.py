"""What customers are told in further languages than Chinese and English: one table a language, read by every room."""
