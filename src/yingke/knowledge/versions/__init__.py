"""What a document said before and says now: versions kept, compared, exchanged and taken back."""
