"""How times are written in English: by the 24 hours of Seoul."""

DATETIME_FORMAT = "N j, Y, H:i T"
SHORT_DATETIME_FORMAT = "Y-m-d H:i"
