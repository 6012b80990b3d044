"""What shoppers ask shops of every kind, known by what it means where its words find nothing."""
