"""What nobody may say here: word packs, the merchant's own words, contact policy; one check for every speaker."""
