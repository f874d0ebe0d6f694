"""Files in which shopping searches read what the shop sells: Google Merchant and Naver Shopping."""
