"""The question sets, the judge of the replies, and the figures taken with them."""
