"""Knowledge above ten thousand passages: kept in the database, searched there, judged as in memory."""
