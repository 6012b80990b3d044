"""Documents in, passages and question-answer pairs out, found again fast and quoted with their source."""
