"""How times are written in Korean: by the 24 hours of Seoul."""

DATETIME_FORMAT = "Y년 n월 j일 H:i"
SHORT_DATETIME_FORMAT = "Y-m-d H:i"
