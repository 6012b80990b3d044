"""Pages, sites and sitemaps of the web as documents: fetched politely, watched, changed when they change."""
